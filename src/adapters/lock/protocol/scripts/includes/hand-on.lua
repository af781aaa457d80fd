-- What a release does for those who wait.

-- @include queue

local function hand_on(keys, owner, again)
  if not again then
    settle(keys)
    return {}
  end
  stand(keys, owner)
  local token = settle(keys, owner)
  return token > 0 and granted(token) or refusal(keys)
end
