-- Deletes values of another type under the names of locks. Only another program can have written them,
-- so no lease depends on them.
--
-- KEYS[1..n]  the lock keys
-- No ARGV
--
-- Returns {}

local function delete_foreign(name, type)
  local found = redis.call('TYPE', name).ok
  if found ~= type and found ~= 'none' then redis.call('DEL', name) end
end

for _, key in ipairs(KEYS) do
  delete_foreign(key, 'string')
  delete_foreign(key .. ':queue', 'zset')
end
return {}
