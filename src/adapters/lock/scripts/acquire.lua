-- Takes all keys, or none and stands in every queue in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     lease in ms
-- ARGV[3]     fencing tokens to reserve
-- ARGV[4]     floor: the greatest token the caller knows
-- ARGV[5]     'try' not to wait, else the token by which this owner holds the keys, 0 for none
--
-- Returns { token or 0, server time in us, us left of the lease granted or in the way,
--           last token of the keys }

-- @include queue

local owner, lease_ms, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
floor = tonumber(ARGV[4])

local last, busy, orphan = 0, false, ARGV[5] ~= 'try'
for _, key in ipairs(KEYS) do
  local token, deadline, holder = read(key)
  last = math.max(last, token)
  if deadline or redis.call('EXISTS', key .. ':queue') == 1 then busy = true end
  if holder ~= owner or token == tonumber(ARGV[5]) then orphan = false end
end

local function take()
  local token = next_token(last, tokens)
  set_held(KEYS, held_value(token, lease_ms, owner))
  return granted(token, lease_ms)
end

if not busy then return take() end

-- The keys were granted to this owner by a message or a reply that it never got.
if orphan then
  leave(KEYS, owner)
  return take()
end

if ARGV[5] == 'try' then
  settle(KEYS)
  for _, key in ipairs(KEYS) do
    local _, deadline = read(key)
    if deadline or head(key) then return refusal(KEYS) end
  end
  return take()
end

stand(KEYS, owner)
local token = settle(KEYS, owner)
if token > 0 then return granted(token, lease_ms) end
return refusal(KEYS)
