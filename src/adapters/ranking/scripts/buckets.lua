-- Reads some buckets.
--
-- KEYS[1]  run id of the server when the buckets were built
-- KEYS[2], ...  the buckets, sorted sets: product -> units as a negative number
--
-- Returns for each bucket product, negative units, product, ... without products of which all units
-- were returned; or nil when the buckets are incomplete, as in top.lua.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
local buckets = {}
for i = 2, #KEYS do
  buckets[i - 1] = redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', '(0', 'WITHSCORES')
end
return buckets
