-- Frees the names of locks from values of another type, which only somebody else can have written:
-- nobody holds a key by them.
--
-- KEYS[1..n]  the lock keys
-- No ARGV
--
-- Returns {}

local function free(name, type)
  local found = redis.call('TYPE', name).ok
  if found ~= type and found ~= 'none' then redis.call('DEL', name) end
end

for _, key in ipairs(KEYS) do
  free(key, 'string')
  free(key .. ':queue', 'zset')
end
return {}
