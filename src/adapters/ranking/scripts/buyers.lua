-- Counts the different members of sets.
--
-- KEYS[1]  run id of the server when the sets were built
-- KEYS[2]  key of their union, deleted at the end
-- KEYS[3], ...  the sets
--
-- Returns the number, or nil when the sets are incomplete, as in top.lua.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
local count = redis.call('SUNIONSTORE', KEYS[2], unpack(KEYS, 3))
redis.call('DEL', KEYS[2])
return count
