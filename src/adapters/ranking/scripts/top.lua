-- Adds up the buckets of a short window and returns the best-selling products.
--
-- KEYS[1]  run id of the server when the buckets were built
-- KEYS[2]  key of the sums, deleted at the end
-- KEYS[3], ...  the buckets, sorted sets: product -> units as a negative number
-- ARGV[1]  most products to return
--
-- Returns product, negative units, product, ...; or nil when the buckets are incomplete: they were
-- never built, or the server restarted and may have lost sales.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
redis.call('ZUNIONSTORE', KEYS[2], #KEYS - 2, unpack(KEYS, 3))
local top = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(0', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
redis.call('DEL', KEYS[2])
return top
