-- Gives the keys back and hands them to the first that waits, in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     token of the grant: keys that are held by another grant are left alone
-- ARGV[3]     floor: the greatest token the caller knows
-- ARGV[4]     lease in ms to stand in the queues again for waiters of the same owner, 0 not to
--
-- Returns { token or 0, server time in us, us left of the lease granted or in the way,
--           last token of the keys }

-- @include queue

local owner, again = ARGV[1], tonumber(ARGV[4])
floor = tonumber(ARGV[3])

for _, key in ipairs(KEYS) do
  local token, _, holder = read(key)
  if holder == owner and token == tonumber(ARGV[2]) then
    set_free(key, token)
  end
end

if again == 0 then
  settle(KEYS)
  return { 0, now, 0, 0 }
end

stand(KEYS, owner)
local token = settle(KEYS, owner)
if token > 0 then return granted(token, again) end
return refusal(KEYS)
