-- Lets the ranking answer.
--
-- KEYS[1]  the rebuild under way
-- KEYS[2]  the run id of the server that the buckets were built on
-- ARGV[1]  what the rebuild calls itself
--
-- Answers 1, or 0 when it is no longer the one under way, or the server lost its data meanwhile.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= ARGV[1] or string.match(ARGV[1], ' (%x+)$') ~= run then return 0 end
redis.call('SET', KEYS[2], run)
redis.call('DEL', KEYS[1])
return 1
