-- The long way to acquire: where a key is held, or somebody waits for it.

-- @include queue

local function take(keys, owner)
  local token = next_token(last_token(keys), owner)
  set_held(keys, token, owner)
  return granted(token)
end

local function all_free(keys)
  for _, key in ipairs(keys) do
    local _, deadline = read(key)
    if deadline or head(key) then return false end
  end
  return true
end

-- Granted to this owner by a message or a reply that it never got.
local function is_orphan(keys, owner, standing)
  for _, key in ipairs(keys) do
    local token, _, holder = read(key)
    if holder ~= owner or token == standing then return false end
  end
  return true
end

local function acquire(keys, owner, standing)
  if standing == 'try' then
    settle(keys)
    return all_free(keys) and take(keys, owner) or refusal(keys)
  end
  if is_orphan(keys, owner, tonumber(standing)) then
    leave(keys, owner)
    return take(keys, owner)
  end
  stand(keys, owner)
  local token = settle(keys, owner)
  return token > 0 and granted(token) or refusal(keys)
end
