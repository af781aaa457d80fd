-- Takes all keys, or none and stands in every queue in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     floor: the greatest token the caller knows
-- ARGV[2]     owner
-- ARGV[3]     lease in ms
-- ARGV[4]     fencing tokens to reserve
-- ARGV[5]     'try' not to wait, else the token by which this owner holds the keys, 0 for none
--
-- Returns { token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }

local floor, owner, lease_ms, tokens = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]

-- @include keep
-- @include clock

-- All free and nobody waits: the usual case, in as few steps as it takes.
local last = floor
for _, key in ipairs(KEYS) do
  local token = tonumber(redis.call('GET', key) or 0)
  last = token and redis.call('EXISTS', key .. ':queue') == 0 and math.max(last, token)
  if not last then break end
end
if last then
  local token = math.max(last + 1, now) + tokens - 1
  local value = string.format('%d %d ', token, now + lease_ms * 1000) .. owner
  for _, key in ipairs(KEYS) do redis.call('SET', key, value, 'PX', KEEP_MS) end
  return { token, now }
end

-- @include acquire

return acquire(KEYS, owner, lease_ms, tokens, ARGV[5])
