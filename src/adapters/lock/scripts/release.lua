-- Gives the keys back and hands them to the first that waits, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     first token of the grant
-- ARGV[3]     last token of the grant: keys that are held by another grant are left alone
-- ARGV[4]     floor: the greatest token the caller knows
-- ARGV[5]     '1' to stand in the queues again for waiters of the same owner, else '0'
--
-- Returns { token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }
--      or {} when it does not stand again

-- @include keep

local owner, first, last = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local floor, again = tonumber(ARGV[4]), ARGV[5] == '1'

local queued = again
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key) or ''
  local token = tonumber(string.match(value, '^%d+'))
  local mine = string.sub(value, -#owner - 1) == ' ' .. owner and token >= first and token <= last
  if mine then redis.call('SET', key, ARGV[3], 'PX', KEEP_MS) end
  queued = queued or redis.call('EXISTS', key .. ':queue') == 1
end
if not queued then return {} end

-- @include queue

if not again then
  settle(KEYS)
  return {}
end

stand(KEYS, owner)
local mine = settle(KEYS, owner)
return mine > 0 and granted(mine) or refusal(KEYS)
