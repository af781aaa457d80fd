-- Leaves every queue, and lets those pass who stood behind.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     floor: the greatest token the caller knows
--
-- Returns { 0, server time in us, 0, 0 }

-- @include queue

floor = tonumber(ARGV[2])
leave(KEYS, ARGV[1])
settle(KEYS)
return { 0, now, 0, 0 }
