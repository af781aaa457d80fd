-- Releases the keys and grants them to the first waiting owner, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     stored string of the grant: a key that another grant holds is not released
-- ARGV[2]     last token of the grant
-- ARGV[3]     '1' to queue the owner again for its other waiters, else left out
--
-- Returns text: the server time in us, which is the first token of a new grant too
--      or { last token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }
--      or nil without ARGV[3]

local grant, last, requeue = ARGV[1], ARGV[2], ARGV[3] == '1'
local owner = requeue and string.match(grant, '^%S+ (.*)$')

-- @plant no-fast-release
-- @include release-fast
-- @end no-fast-release

-- @plant publish-before-release
local floor = tonumber(last)

-- @include held

-- @plant always-queued
local queued = requeue
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value and (value == grant or is_held_by(value, grant, last)) then
    redis.call('SET', key, last, 'KEEPTTL')
  end
  queued = queued or redis.call('EXISTS', key .. ':queue') == 1
end
if not queued then return false end

-- @include release-general

return release_general(KEYS, owner, requeue)
