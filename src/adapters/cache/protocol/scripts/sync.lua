-- Returns the resources that were invalidated since an instance's position. Begins a new epoch when
-- Redis lost its memory, or restarted with one that may lack the latest invalidations.
--
-- KEYS[1]  base of all names
-- ARGV[1]  epoch the instance knows, '' for none
-- ARGV[2]  its position: the number of the last invalidation it applied
-- ARGV[3]  life of a write intent, in us
-- ARGV[4]  longest life of an entry, in us
--
-- Returns { epoch, last number, server time in us, resource... }
--      or { epoch, last number, server time in us, 0 } when it must drop everything

-- @include state

-- A restarted Redis, or a promoted replica, may have an older state. And when the control keys are
-- not as this cache wrote them, it is not known what was invalidated.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
-- @plant older-memory-trusted
local function is_other_memory() return redis.call('HGET', control, 'run') ~= run end
if call_own('ZCARD', numbers) == nil or epoch == '' or is_other_memory() then
  last = math.max(last + 1, now)
  -- @plant lost-control-unnoticed
  epoch = text_of(last)
  floor = last
  -- @end lost-control-unnoticed
  -- Until then a write whose intent was lost has committed or failed.
  quiet = now + tonumber(ARGV[3])
  redis.call('DEL', control, numbers)
  redis.call('HSET', control, 'epoch', epoch, 'run', run, 'last', text_of(last),
    'floor', text_of(floor), 'quiet', text_of(quiet))
end

-- Every entry that is still alive was loaded after these invalidations.
local old = redis.call('ZREVRANGEBYSCORE', numbers, text_of(now - ARGV[4]), '-inf',
  'WITHSCORES', 'LIMIT', 0, 1)
if old[2] then
  floor = math.max(floor, tonumber(old[2]))
  redis.call('ZREMRANGEBYSCORE', numbers, '-inf', old[2])
  redis.call('HSET', control, 'floor', text_of(floor))
end

local reply = { epoch, text_of(last), text_of(now) }
-- @plant short-log-trusted
if epoch ~= ARGV[1] or tonumber(ARGV[2]) < floor then
  reply[4] = 0
  return reply
end
for _, resource in ipairs(redis.call('ZRANGEBYSCORE', numbers, '(' .. ARGV[2], '+inf')) do
  reply[#reply + 1] = resource
end
return reply
