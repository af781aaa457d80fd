-- Adds a sale to its buckets, or removes it: once for each version of its payment.
--
-- KEYS[1]  name of the current rebuild
-- KEYS[2]  known payments of the hour, a hash: payment -> 2 * version, plus 1 if it counts
-- KEYS[3], KEYS[4]  the buckets of the sale, sorted sets: product -> units as a negative number
-- KEYS[5]  buyers in the time of KEYS[3], a set
-- ARGV[1]  name of the rebuild that records it, '' for an event
-- ARGV[2]  time after which a silent rebuild counts as dead, in ms
-- ARGV[3], ARGV[4], ARGV[5]  the payment, its version, 1 if it counts or 0
-- ARGV[6], ..., ARGV[9]  when KEYS[2], ..., KEYS[5] expire, in ms since the epoch
-- ARGV[10]  the buyer
-- ARGV[11], ...  product, units, product, units, ...
--
-- Returns 1, or 0 when another rebuild is running.
if ARGV[1] ~= '' then
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local version = tonumber(ARGV[4])
local counts = tonumber(ARGV[5])
local known = tonumber(redis.call('HGET', KEYS[2], ARGV[3]) or '0')
-- @plant sale-version
if math.floor(known / 2) >= version then return 1 end
redis.call('HSET', KEYS[2], ARGV[3], string.format('%.0f', 2 * version + counts))
redis.call('PEXPIREAT', KEYS[2], ARGV[6])
-- @plant sale-change
local change = counts - known % 2
if change == 0 then return 1 end
for bucket = 3, 4 do
  for i = 11, #ARGV, 2 do
    -- Negative, so that among equals the smaller product id comes first.
    redis.call('ZINCRBY', KEYS[bucket], string.format('%.0f', -change * tonumber(ARGV[i + 1])), ARGV[i])
  end
  redis.call('PEXPIREAT', KEYS[bucket], ARGV[bucket + 4])
end
-- The buyer is not removed with the sale, because another sale may have the same buyer.
if change > 0 then
  redis.call('SADD', KEYS[5], ARGV[10])
  redis.call('PEXPIREAT', KEYS[5], ARGV[9])
end
return 1
