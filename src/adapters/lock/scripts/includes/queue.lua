-- Shared text of the lock scripts: how a lock key is read, taken and handed on.
--
-- <key>        string  '<last token>' when free, '<token> <taken at> <owner>' when held
-- <key>:queue  zset    owners that wait, scored by their arrival on this server's clock
-- owner        text    '<channel>\n<lease ms>\n<tokens>\n<key>\n<key>...': one process that waits
--                      for one set of keys, and all that is needed to grant them to it
--
-- A grant reserves a block of fencing tokens, as many as its owner says, which begins with the
-- token that is stored; after a raise the stored one is that of as many tokens before the last.
-- It was taken at a moment of this server's clock, in microseconds, and lasts for the lease of its
-- owner. A grant is published on the owner's channel as the very string that is stored.
--
-- The including script declares `floor`. Scripts include this after the usual cases: to define a
-- function at every call costs more than to take a key.

-- @include keep
-- @include clock
-- @include owner

-- The last token, then deadline and owner unless the key is free or its lease is over.
local function read(key)
  local value = redis.call('GET', key)
  if not value then return 0 end
  local base, taken, owner = string.match(value, '^(%d+) (%d+) (.*)$')
  if not base then return tonumber(value) end
  local lease_ms = string.match(owner, '^[^\n]+\n(%d+)')
  local last, deadline = base + tokens_of(owner) - 1, taken + lease_ms * 1000
  if deadline <= now then return last end
  return last, deadline, owner
end

local function set_held(keys, value)
  for _, key in ipairs(keys) do redis.call('SET', key, value, 'PX', KEEP_MS) end
end

-- What is stored for a grant with as many tokens as `owner` says, up to `last`.
local function held_value(last, owner)
  return string.format('%d %d ', last - tokens_of(owner) + 1, now) .. owner
end

-- The last of the next tokens, which rise even where `last` was lost with the server's memory.
local function next_token(last, owner)
  return math.max(last + 1, now, floor + 1) + tokens_of(owner) - 1
end

local function stand(keys, owner)
  for _, key in ipairs(keys) do
    redis.call('ZADD', key .. ':queue', 'NX', string.format('%d', now), owner)
    redis.call('PEXPIRE', key .. ':queue', KEEP_MS)
  end
end

local function leave(keys, owner)
  for _, key in ipairs(keys) do redis.call('ZREM', key .. ':queue', owner) end
end

local function head(key)
  return redis.call('ZRANGE', key .. ':queue', 0, 0)[1]
end

local function parse(owner)
  local fields = {}
  for field in string.gmatch(owner, '[^\n]+') do fields[#fields + 1] = field end
  return { channel = fields[1], keys = { unpack(fields, 4) } }
end

-- The greatest last token of the keys if the owner heads every queue and every key is free.
local function grantable(keys, owner)
  local last = 0
  for _, key in ipairs(keys) do
    local token, deadline = read(key)
    if deadline or head(key) ~= owner then return nil end
    last = math.max(last, token)
  end
  return last
end

-- Asked before the grant is published, not by the count of the publish: a cluster's bus, and
-- replication, bring a message also to a process that listens at another server, and one that is
-- passed over must not hear that it was granted the keys.
local function listens(channel)
  return redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0
end

-- Hands free keys to the first of their queues, passing over processes that no longer listen.
-- Returns the token granted to `self`, which gets it as a reply instead of a message, or 0.
local function settle(keys, self)
  local granted = 0
  local todo = { unpack(keys) }
  local i = 1
  while todo[i] do
    local owner = head(todo[i])
    local gone = false
    if owner then
      local waiting = parse(owner)
      local last = grantable(waiting.keys, owner)
      if last then
        local token = next_token(last, owner)
        local value = held_value(token, owner)
        leave(waiting.keys, owner)
        if owner == self then
          granted = token
          set_held(waiting.keys, value)
        elseif listens(waiting.channel) then
          redis.call('PUBLISH', waiting.channel, value)
          set_held(waiting.keys, value)
        else
          gone = true
        end
      elseif #waiting.keys > 1 and not listens(waiting.channel) then
        -- It would keep this key from those behind it for as long as its other keys are held.
        leave(waiting.keys, owner)
        gone = true
      end
      if gone then
        for _, key in ipairs(waiting.keys) do todo[#todo + 1] = key end
      end
    end
    i = i + 1
  end
  return granted
end

local function last_token(keys)
  local last = 0
  for _, key in ipairs(keys) do last = math.max(last, (read(key))) end
  return last
end

-- The reply to an owner that got nothing: when to ask again unless a message comes before.
local function refusal(keys)
  local latest, last = now, 0
  for _, key in ipairs(keys) do
    local token, deadline = read(key)
    latest, last = math.max(latest, deadline or 0), math.max(last, token)
  end
  return { 0, now, latest - now, last }
end

local function granted(token)
  return { token, now }
end
