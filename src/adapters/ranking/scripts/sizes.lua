-- Counts the products in each bucket.
--
-- KEYS[1]  run id of the server when the buckets were built
-- KEYS[2], ...  the buckets, sorted sets: product -> units as a negative number
--
-- Returns a number for each bucket, 0 for one that does not exist; or nil when the buckets are
-- incomplete, as in top.lua.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[1]) ~= run then return false end
local sizes = {}
for i = 2, #KEYS do
  sizes[i - 1] = redis.call('ZCARD', KEYS[i])
end
return sizes
