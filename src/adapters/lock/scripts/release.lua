-- Gives the keys back and hands them to the first that waits, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     token of the grant: keys that are held by another grant are left alone
-- ARGV[3]     floor: the greatest token the caller knows
-- ARGV[4]     lease in ms to stand in the queues again for waiters of the same owner, 0 not to
--
-- Returns { token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }
--      or {} when it does not stand again

-- @include keep

local owner, token, floor, again = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local queued = again > 0
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key) or ''
  local mine = string.find(value, token .. ' ', 1, true) == 1
    and string.sub(value, -#owner - 1) == ' ' .. owner
  if mine then redis.call('SET', key, token, 'PX', KEEP_MS) end
  queued = queued or redis.call('EXISTS', key .. ':queue') == 1
end
if not queued then return {} end

-- @include queue

if again == 0 then
  settle(KEYS)
  return {}
end

stand(KEYS, owner)
local mine = settle(KEYS, owner)
return mine > 0 and granted(mine) or refusal(KEYS)
