-- Acquires keys of which one is held, or has a queue.

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

-- Whether the keys were granted to this owner by a message or a reply that it never received.
local function is_orphan(keys, owner, queued)
  for _, key in ipairs(keys) do
    local token, _, holder = read(key)
    if holder ~= owner or token == queued then return false end
  end
  return true
end

local function acquire(keys, owner, queued)
  if queued == 'try' then
    grant_next(keys)
    return all_free(keys) and take(keys, owner) or refusal(keys)
  end
  if is_orphan(keys, owner, tonumber(queued)) then
    leave(keys, owner)
    return take(keys, owner)
  end
  enqueue(keys, owner)
  local token = grant_next(keys, owner)
  return token > 0 and granted(token) or refusal(keys)
end
