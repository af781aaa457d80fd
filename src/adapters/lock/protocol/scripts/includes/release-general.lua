-- What a release does for those who wait.

-- @include queue

local function release_general(keys, owner, again)
  if not again then
    -- @plant release-grants-nobody
    grant_next(keys)
    return {}
  end
  enqueue(keys, owner)
  -- @plant requeue-grants-nobody
  local token = grant_next(keys, owner)
  return token > 0 and granted(token) or refusal(keys)
end
