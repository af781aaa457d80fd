-- Invalidates resources before a write commits, and keeps them out of the cache until it ends.
--
-- KEYS[1]  base of all names
-- ARGV[1]  genesis the instance knows
-- ARGV[2]  owner: the write
-- ARGV[3]  how long the hold-off stands at most, in us
-- ARGV[4]  how many resources to remember the numbers of
-- ARGV[5..n]  the resources
--
-- Returns { number, whether other writes hold some of them off (1 or 0) }, or {} for another genesis

-- @include state

if genesis ~= ARGV[1] then return {} end

local resources = { unpack(ARGV, 5) }
local accompanied = 0
for _, resource in ipairs(resources) do
  forget_dead(resource)
  if is_held_off(resource) then accompanied = 1 end
  redis.call('ZADD', intents_of(resource), text_of(now + ARGV[3]), ARGV[2])
end
local number = invalidate(resources, 'held')

-- Bounded: whoever stands before what is forgotten here drops everything.
local surplus = redis.call('ZCARD', numbers) - ARGV[4]
if surplus > 0 then
  local cut = redis.call('ZRANGE', numbers, surplus - 1, surplus - 1, 'WITHSCORES')[2]
  redis.call('ZREMRANGEBYSCORE', numbers, '-inf', cut)
  redis.call('HSET', control, 'floor', cut)
end
return { text_of(number), accompanied }
