-- Marks the ranking as complete, so that it can be read.
--
-- KEYS[1]  name of the current rebuild
-- KEYS[2]  run id of the server when the buckets were built
-- ARGV[1]  name of the rebuild that ends
--
-- Returns 1, or 0 when another rebuild is running, or when the server was restarted meanwhile.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= ARGV[1] or string.match(ARGV[1], ' (%x+)$') ~= run then return 0 end
redis.call('SET', KEYS[2], run)
redis.call('DEL', KEYS[1])
return 1
