-- Tells an instance which resources were invalidated since its position; and begins a new genesis
-- when Redis lost its memory, or came back with one that may lack the latest invalidations.
--
-- KEYS[1]  base of all names
-- ARGV[1]  genesis the instance knows, '' for none
-- ARGV[2]  its position: the number of the last invalidation it applied
-- ARGV[3]  how long a hold-off stands at most, in us
-- ARGV[4]  longest life of an entry, in us
--
-- Returns { genesis, last number, server time in us, resource... }
--      or { genesis, last number, server time in us, 0 } when it must drop everything

-- @include state

-- A new process of Redis, or a replica that was made master, may remember an older state. And
-- where somebody else wrote to the control keys nobody knows what was invalidated.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if call_own('ZCARD', numbers) == nil or genesis == '' or redis.call('HGET', control, 'run') ~= run then
  last = math.max(last + 1, now)
  genesis = text_of(last)
  floor = last
  -- Writers whose intents were forgotten have committed or given up by then.
  quiet = now + tonumber(ARGV[3])
  redis.call('DEL', control, numbers)
  redis.call('HSET', control, 'genesis', genesis, 'run', run, 'last', text_of(last),
    'floor', text_of(floor), 'quiet', text_of(quiet))
end

-- What was invalidated before any living entry was loaded need not be remembered.
local old = redis.call('ZREVRANGEBYSCORE', numbers, text_of(now - ARGV[4]), '-inf',
  'WITHSCORES', 'LIMIT', 0, 1)
if old[2] then
  floor = math.max(floor, tonumber(old[2]))
  redis.call('ZREMRANGEBYSCORE', numbers, '-inf', old[2])
  redis.call('HSET', control, 'floor', text_of(floor))
end

local reply = { genesis, text_of(last), text_of(now) }
if genesis ~= ARGV[1] or tonumber(ARGV[2]) < floor then
  reply[4] = 0
  return reply
end
for _, resource in ipairs(redis.call('ZRANGEBYSCORE', numbers, '(' .. ARGV[2], '+inf')) do
  reply[#reply + 1] = resource
end
return reply
