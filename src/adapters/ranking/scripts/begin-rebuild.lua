-- Empties the ranking, to be built from the orders.
--
-- KEYS[1]  the rebuild under way
-- KEYS[2]  the run id of the server that the buckets were built on
-- KEYS[3], ...  every other key the ranking may have
-- ARGV[1]  a name for this rebuild
-- ARGV[2]  how long it stands unless it goes on, in ms
-- ARGV[3]  'missing' to do it only when the buckets are not complete and nobody is at it; or 'always'
--
-- Answers what the rebuild is to call itself, or nothing (nil) when there is nothing to do.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if ARGV[3] == 'missing' then
  if redis.call('GET', KEYS[2]) == run or redis.call('EXISTS', KEYS[1]) == 1 then return false end
end
redis.call('UNLINK', unpack(KEYS, 2))
-- With the server's run id: one that comes back in the midst of it may have forgotten a part.
local name = ARGV[1] .. ' ' .. run
redis.call('SET', KEYS[1], name, 'PX', ARGV[2])
return name
