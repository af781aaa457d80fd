-- Gives the keys back and hands them to the first that waits, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     floor: the greatest token the caller knows
-- ARGV[2]     owner
-- ARGV[3]     first token of the grant
-- ARGV[4]     last token of the grant: keys that are held by another grant are left alone
-- ARGV[5]     '1' to stand in the queues again for waiters of the same owner, else '0'
--
-- Returns { token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }
--      or {} when it does not stand again

-- @include held

local floor, owner, again = tonumber(ARGV[1]), ARGV[2], ARGV[5] == '1'

local queued = again
for _, key in ipairs(KEYS) do
  if is_held_by(redis.call('GET', key), owner, ARGV[3], ARGV[4]) then
    set_free(key, ARGV[4])
  end
  queued = queued or redis.call('EXISTS', key .. ':queue') == 1
end
if not queued then return {} end

-- @include hand-on

return hand_on(KEYS, owner, again)
