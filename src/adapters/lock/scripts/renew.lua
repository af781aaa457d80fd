-- Starts the lease anew, with the same token or a greater one, if the grant still holds every key.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     token of the grant
-- ARGV[3]     lease in ms
-- ARGV[4]     token of the grant from now on
--
-- Returns { token, server time in us }, or {} when any key is no longer held by this grant

local floor = 0 -- a renewal grants nothing

-- @include queue

local owner, token, lease_ms, raised = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

for _, key in ipairs(KEYS) do
  local last, _, holder = read(key)
  if holder ~= owner or last ~= token then return {} end
end

set_held(KEYS, held_value(raised, lease_ms, owner))
return granted(raised)
