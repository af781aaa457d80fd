-- Renews the lease, with the same last token or a greater one, if the grant still holds every key.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     first token of the grant
-- ARGV[3]     last token of the grant from now on
--
-- Returns { last token, server time in us, 1 if others wait for a key, else 0 }
--      or {} when this grant does not hold every key

local floor = 0 -- a renewal grants nothing

-- @include queue

local owner, first, last = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local has_queue = 0
for _, key in ipairs(KEYS) do
  local token, _, holder = read(key)
  -- @plant renew-without-owner-check
  if holder ~= owner or token < first or token > last then return {} end
  if head(key) then has_queue = 1 end
end

set_held(KEYS, last, owner)
return { last, now, has_queue }
