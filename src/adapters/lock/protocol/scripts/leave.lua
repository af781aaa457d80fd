-- Removes the owner from every queue and grants the keys to the next owners.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     floor: the greatest token the caller knows
--
-- Returns {}

local floor = tonumber(ARGV[2])

-- @include queue

leave(KEYS, ARGV[1])
-- @plant leave-grants-nobody
grant_next(KEYS)
return {}
