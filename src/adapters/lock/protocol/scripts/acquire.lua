-- Acquires all keys, or none and queues the owner for every key, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     floor: the greatest token the caller knows
-- ARGV[3]     'try' not to queue, else the last token of the lease that this owner holds on the keys; left
--             out for 0
--
-- Returns text: the server time in us, which is the first token too
--      or { last token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }

-- @include token-ttl

-- The usual case, in few steps: all keys are free and have no queue.
local last = ARGV[2]
local is_usual = #last == 16 or last == '0'
for i = 1, #KEYS do
  -- @plant acquire-takes-held
  local value = redis.call('GET', KEYS[i]) or '0'
  is_usual = is_usual
    and (#value == 16 or value == '0')
    -- @plant acquire-ignores-queue
    and redis.call('EXISTS', KEYS[i] .. ':queue') == 0
  if not is_usual then break end
  if value > last then last = value end
end
if is_usual then
  -- @include clock-text
  -- @plant acquire-ignores-floor
  if last < at then
    local value = at .. ' ' .. ARGV[1]
    for i = 1, #KEYS do redis.call('SET', KEYS[i], value, 'PX', TOKEN_TTL_MS) end
    return at
  end
end

local floor = tonumber(ARGV[2])

-- @include acquire

return acquire(KEYS, ARGV[1], ARGV[3] or '0')
