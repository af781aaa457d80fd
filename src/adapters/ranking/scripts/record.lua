-- Counts a sale in its buckets, or takes it out again: once for each version of its payment.
--
-- KEYS[1]  the rebuild under way
-- KEYS[2]  what is known of the hour's payments, a hash: payment -> 2 * version, 1 more if it counts
-- KEYS[3], KEYS[4]  the buckets that hold the sale, sorted sets: product -> units below zero
-- KEYS[5]  who bought in the time of KEYS[3], a set
-- ARGV[1]  the rebuild that records it, '' for an event
-- ARGV[2]  how long that rebuild is to stand from now, in ms
-- ARGV[3], ARGV[4], ARGV[5]  the payment, its version, 1 if it counts or 0
-- ARGV[6], ..., ARGV[9]  when KEYS[2], ..., KEYS[5] expire, in ms since the epoch
-- ARGV[10]  who bought
-- ARGV[11], ...  product, units, product, units, ...
--
-- Answers 1, or 0 when the rebuild is no longer the one under way.
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
    -- Below zero, so that among equals the lesser product comes first.
    redis.call('ZINCRBY', KEYS[bucket], string.format('%.0f', -change * tonumber(ARGV[i + 1])), ARGV[i])
  end
  redis.call('PEXPIREAT', KEYS[bucket], ARGV[bucket + 4])
end
-- Not taken out with the sale: another sale may stand for the same entry.
if change > 0 then
  redis.call('SADD', KEYS[5], ARGV[10])
  redis.call('PEXPIREAT', KEYS[5], ARGV[9])
end
return 1
