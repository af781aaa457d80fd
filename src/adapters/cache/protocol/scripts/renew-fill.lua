-- Renews the fill lease of an instance that still loads.
--
-- KEYS[1]  base of all names
-- ARGV[1]  key of the entry
-- ARGV[2]  id of its fill lease
-- ARGV[3]  life of the lease in ms
--
-- Returns 1 when it was renewed, 0 when it had ended

-- @include state

if call_own('GET', fill_of(ARGV[1])) ~= ARGV[2] then return 0 end
redis.call('SET', fill_of(ARGV[1]), ARGV[2], 'PX', ARGV[3])
return 1
