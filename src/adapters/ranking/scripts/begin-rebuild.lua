-- Empties the ranking, so that it can be built from the orders.
--
-- KEYS[1]  name of the current rebuild
-- KEYS[2]  run id of the server when the buckets were built
-- KEYS[3], ...  all other keys of the ranking
-- ARGV[1]  a name for the new rebuild
-- ARGV[2]  time after which a silent rebuild counts as dead, in ms
-- ARGV[3]  'missing': only when the buckets are incomplete and no rebuild is running; or 'always'
--
-- Returns the name that the rebuild must use, or nil when there is nothing to do.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if ARGV[3] == 'missing' then
  if redis.call('GET', KEYS[2]) == run or redis.call('EXISTS', KEYS[1]) == 1 then return false end
end
redis.call('UNLINK', unpack(KEYS, 2))
-- The name contains the run id: a server that restarts during the rebuild may lose a part of it.
local name = ARGV[1] .. ' ' .. run
redis.call('SET', KEYS[1], name, 'PX', ARGV[2])
return name
