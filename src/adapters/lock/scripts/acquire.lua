-- Takes all keys, or none and stands in every queue in one step.
--
-- KEYS[1..n]  the lock keys, sorted
-- ARGV[1]     owner
-- ARGV[2]     lease in ms
-- ARGV[3]     fencing tokens to reserve
-- ARGV[4]     floor: the greatest token the caller knows
-- ARGV[5]     'try' not to wait, else the token by which this owner holds the keys, 0 for none
--
-- Returns { token, server time in us }
--      or { 0, server time in us, us left of the lease in the way, last token of the keys }

local owner, lease_ms, tokens, floor = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

-- @include keep
-- @include clock

-- All free and nobody waits: the usual case, in as few steps as it takes.
local last = floor
for _, key in ipairs(KEYS) do
  local token = tonumber(redis.call('GET', key) or 0)
  last = token and redis.call('EXISTS', key .. ':queue') == 0 and math.max(last, token)
  if not last then break end
end
if last then
  local token = math.max(last + 1, now) + tokens - 1
  local value = string.format('%d %d ', token, now + lease_ms * 1000) .. owner
  for _, key in ipairs(KEYS) do redis.call('SET', key, value, 'PX', KEEP_MS) end
  return { token, now }
end

-- @include queue

local function take()
  local token = next_token(last_token(KEYS), tokens)
  set_held(KEYS, held_value(token, lease_ms, owner))
  return granted(token)
end

local function all_free()
  for _, key in ipairs(KEYS) do
    local _, deadline = read(key)
    if deadline or head(key) then return false end
  end
  return true
end

if ARGV[5] == 'try' then
  settle(KEYS)
  return all_free() and take() or refusal(KEYS)
end

-- Granted to this owner by a message or a reply that it never got.
local function is_orphan()
  for _, key in ipairs(KEYS) do
    local token, _, holder = read(key)
    if holder ~= owner or token == tonumber(ARGV[5]) then return false end
  end
  return true
end

if is_orphan() then
  leave(KEYS, owner)
  return take()
end

stand(KEYS, owner)
local token = settle(KEYS, owner)
return token > 0 and granted(token) or refusal(KEYS)
