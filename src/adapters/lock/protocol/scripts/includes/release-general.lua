-- What a release does for the waiters.

-- @include queue

local function release_general(keys, owner, requeue)
  if not requeue then
    -- @plant release-grants-nobody
    grant_next(keys)
    return false
  end
  enqueue(keys, owner)
  -- @plant requeue-grants-nobody
  local token = grant_next(keys, owner)
  return token > 0 and granted(token) or refusal(keys)
end
