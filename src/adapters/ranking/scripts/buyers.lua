-- Counts the different members of sets.
--
-- KEYS[1]  the run id of the server that the sets were built on
-- KEYS[2]  a place for their union, gone again at the end
-- KEYS[3], ...  the sets
--
-- Answers how many, or nothing (nil) when the sets are not complete, as in top.lua.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
local count = redis.call('SUNIONSTORE', KEYS[2], unpack(KEYS, 3))
redis.call('DEL', KEYS[2])
return count
