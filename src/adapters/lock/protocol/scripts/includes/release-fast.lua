-- The usual release of one key, in few steps: nobody waits, or the first waiter listens and waits for
-- this key only. Does nothing in any other case.

local key, queue = KEYS[1], KEYS[1] .. ':queue'
local is_usual = not KEYS[2] and redis.call('GET', key) == grant
if is_usual and not requeue and redis.call('EXISTS', queue) == 0 then
  redis.call('SET', key, last, 'KEEPTTL')
  return false
end

-- Not earlier: to define a function at every call is slow.
-- @include token-ttl
-- @include channel

if is_usual then
  -- @include clock-text
  if #last == 16 and last < at then
    local first = redis.call('ZPOPMIN', queue)
    if requeue and (not first[1] or first[1] == owner) then
      redis.call('SET', key, at .. ' ' .. owner, 'PX', TOKEN_TTL_MS)
      return at
    end
    local process, lease_ms, tokens = string.match(first[1], '^([^:]+):(%d+):(%d+)$')
    local channel = process and channel_of(process, key)
    -- @plant fast-grant-to-dead
    if process and redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0 then
      local value = at .. ' ' .. first[1]
      redis.call('PUBLISH', channel, value .. '\n' .. key)
      redis.call('SET', key, value, 'PX', TOKEN_TTL_MS)
      if not requeue then return false end
      redis.call('ZADD', queue, 'NX', at, owner)
      redis.call('PEXPIRE', queue, TOKEN_TTL_MS)
      return { 0, tonumber(at), lease_ms * 1000, at + tokens - 1 }
    end
    redis.call('ZADD', queue, first[2], first[1])
    redis.call('PEXPIRE', queue, TOKEN_TTL_MS)
  end
end
