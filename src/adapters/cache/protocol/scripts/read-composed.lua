-- Returns an entry that shows several resources, if none was invalidated since its load.
--
-- KEYS[1]  base of all names
-- ARGV[1]  key of the entry
--
-- Returns the entry, or nil

-- @include state

return current_entry(ARGV[1])
