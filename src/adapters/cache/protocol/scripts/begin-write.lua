-- Stores a write intent before the write commits, and invalidates its resources: none of them is
-- cached until the write ends.
--
-- KEYS[1]  base of all names
-- ARGV[1]  epoch the instance knows
-- ARGV[2]  owner: the write
-- ARGV[3]  life of the intent, in us
-- ARGV[4]  how many resources have their number remembered
-- ARGV[5..n]  the resources
--
-- Returns { number, whether other writes have an intent for some of them (1 or 0) }, or {} for another epoch

-- @include state

if epoch ~= ARGV[1] then return {} end

local resources = { unpack(ARGV, 5) }
local overlapped = 0
for _, resource in ipairs(resources) do
  drop_expired(resource)
  if is_under_write(resource) then overlapped = 1 end
  -- @plant no-intent
  redis.call('ZADD', intents_of(resource), text_of(now + ARGV[3]), ARGV[2])
end
-- @plant begin-invalidates-nothing
local number = invalidate(resources, 'begun')

-- The list is bounded: an instance whose position is before the cut drops everything.
local surplus = redis.call('ZCARD', numbers) - ARGV[4]
if surplus > 0 then
  local cut = redis.call('ZRANGE', numbers, surplus - 1, surplus - 1, 'WITHSCORES')[2]
  redis.call('ZREMRANGEBYSCORE', numbers, '-inf', cut)
  redis.call('HSET', control, 'floor', cut)
end
return { text_of(number), overlapped }
