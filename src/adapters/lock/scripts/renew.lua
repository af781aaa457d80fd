-- Starts the lease anew if the grant still holds every key.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     token of the grant
-- ARGV[3]     lease in ms
--
-- Returns { token, or 0 when any key is no longer held by this grant,
--           server time in us, us left of the lease, token }

-- @include queue

local owner, token, lease_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

for _, key in ipairs(KEYS) do
  local last, _, holder = read(key)
  if holder ~= owner or last ~= token then return { 0, now, 0, 0 } end
end

set_held(KEYS, held_value(token, lease_ms, owner))
return granted(token, lease_ms)
