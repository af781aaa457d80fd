-- Reads one bucket.
--
-- KEYS[1]  run id of the server when the buckets were built
-- KEYS[2]  the bucket, a sorted set: product -> units as a negative number
--
-- Returns product, negative units, product, ... without products of which all units were returned;
-- or nil when the buckets are incomplete, as in top.lua.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
return redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(0', 'WITHSCORES')
