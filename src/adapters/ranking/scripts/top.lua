-- Adds up buckets and answers the products most sold.
--
-- KEYS[1]  the run id of the server that the buckets were built on
-- KEYS[2]  a place to add up in, gone again at the end
-- KEYS[3], ...  the buckets, sorted sets: product -> units below zero
-- ARGV[1]  products at most
--
-- Answers product, units below zero, product, ...; nothing (nil) when the buckets are not complete:
-- never built, or this server came back with what it remembered, which may be less than it received.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
redis.call('ZUNIONSTORE', KEYS[2], #KEYS - 2, unpack(KEYS, 3))
local top = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(0', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
redis.call('DEL', KEYS[2])
return top
