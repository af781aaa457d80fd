-- Shared text of the lock scripts: how a lock key is read, taken and handed on.
--
-- <key>        string  '<last token>' when free; when held '<token> <owner>', or
--                      '<token>+<us> <owner>' where it was taken by so much later than its token
--                      says, as after a renewal; with - where the token is ahead of the clock
-- <key>:queue  zset    owners that wait, scored by their arrival on this server's clock
-- <prefix>keys:<owner>
--              string  the keys that an owner of several waits for, one a line, while it waits
-- owner        text    '<process>:<lease ms>:<tokens>' of one key, which is the one where it stands;
--                      '<process>:<lease ms>:<tokens>:<set>' of several, where <set> is a digest of
--                      them and, on a cluster, begins with a hash tag of their slot
--
-- So what is kept for a key is as long for one key as for a hundred, and the names of several stand
-- in one place. One process waits once for one set of keys.
--
-- A grant reserves a block of fencing tokens, as many as its owner says, which begins with the
-- token that is stored; after a raise the stored one is that of as many tokens before the last.
-- It was taken at a moment of this server's clock, in microseconds, and lasts for the lease of its
-- owner. A grant is published on the process's channel as the string that is stored, and the keys
-- behind it, one a line.
--
-- The including script declares `floor`. Scripts include this after the usual cases: to define a
-- function at every call costs more than to take a key.

-- @include token-ttl
-- @include channel
-- @include clock
-- @include owner

-- The last token, then deadline and owner unless the key is free or its lease is over.
local function read(key)
  local value = redis.call('GET', key)
  if not value then return 0 end
  local base, later, owner = string.match(value, '^(%d+)([+-]?%d*) (.*)$')
  if not base then return tonumber(value) end
  local taken = base + (tonumber(later) or 0)
  local lease_ms = string.match(owner, '^[^:]+:(%d+)')
  local last, deadline = base + tokens_of(owner) - 1, taken + lease_ms * 1000
  if deadline <= now then return last end
  return last, deadline, owner
end

-- A token that is ahead of the clock is remembered until the clock has passed it: otherwise a key
-- that was forgotten would be granted with a lower one. For an hour at most, so that a clock that was
-- years ahead does not leave keys behind for years.
local HOUR_MS = 3600000
local function token_ttl_ms(last)
  local ahead = math.max(0, math.ceil((last - now) / 1000))
  return string.format('%d', math.min(HOUR_MS, TOKEN_TTL_MS + ahead))
end

-- Stores a grant with as many tokens as `owner` says, up to `last`. Returns what is stored.
local function set_held(keys, last, owner)
  local base = last - tokens_of(owner) + 1
  local value = string.format(base == now and '%d ' or '%d%+d ', base, now - base) .. owner
  local keep = token_ttl_ms(last)
  for _, key in ipairs(keys) do redis.call('SET', key, value, 'PX', keep) end
  return value
end

-- The last of the next tokens, which rise even where `last` was lost with the server's memory.
local function next_token(last, owner)
  -- @plant token-trusts-memory
  return math.max(last + 1, now, floor + 1) + tokens_of(owner) - 1
end

local function set_of(owner)
  return string.match(owner, '^[^:]+:%d+:%d+:(.+)$')
end

local function list_name(owner, key)
  return prefix_of(key) .. 'keys:' .. owner
end

local function enqueue(keys, owner)
  for _, key in ipairs(keys) do
    redis.call('ZADD', key .. ':queue', 'NX', string.format('%d', now), owner)
    redis.call('PEXPIRE', key .. ':queue', TOKEN_TTL_MS)
  end
  if set_of(owner) then
    redis.call('SET', list_name(owner, keys[1]), table.concat(keys, '\n'), 'PX', TOKEN_TTL_MS)
  end
end

local function leave(keys, owner)
  for _, key in ipairs(keys) do redis.call('ZREM', key .. ':queue', owner) end
  if set_of(owner) then redis.call('DEL', list_name(owner, keys[1])) end
end

local function head(key)
  return redis.call('ZRANGE', key .. ':queue', 0, 0)[1]
end

-- The keys that an owner waits for which heads the queue of `key`: {} when nobody knows them, for it
-- has not asked for so long that its list is over.
local function keys_of(owner, key)
  if not set_of(owner) then return { key } end
  local keys = {}
  local list = redis.call('GET', list_name(owner, key)) or ''
  for name in string.gmatch(list, '[^\n]+') do keys[#keys + 1] = name end
  return keys
end

-- The greatest last token of the keys if the owner heads every queue and every key is free.
local function grantable(keys, owner)
  local last = 0
  for _, key in ipairs(keys) do
    local token, deadline = read(key)
    -- @plant grant-ignores-head
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
local function grant_next(keys, self)
  local granted = 0
  local todo = { unpack(keys) }
  -- Owners of several keys that cannot be granted them now, each looked at once. Only where one
  -- leaves the queues may that change, for whoever is granted keys holds them.
  local refused = {}
  local i = 1
  while todo[i] do
    local key = todo[i]
    local owner = head(key)
    local gone
    if owner and not refused[owner] then
      local waiting = keys_of(owner, key)
      local channel = channel_of(string.match(owner, '^[^:]+'), key)
      local last = grantable(waiting, owner)
      if not waiting[1] then
        redis.call('ZREM', key .. ':queue', owner)
        gone = { key }
      elseif last then
        local token = next_token(last, owner)
        leave(waiting, owner)
        -- The owner of one key is the same text at every key.
        if owner == self and waiting[1] == keys[1] then
          granted = token
          set_held(waiting, token, owner)
        -- @plant grant-to-dead
        elseif listens(channel) then
          local value = set_held(waiting, token, owner)
          redis.call('PUBLISH', channel, value .. '\n' .. table.concat(waiting, '\n'))
        else
          gone = waiting
        end
      elseif waiting[2] then
        if listens(channel) then
          refused[owner] = true
        else
          -- It would keep this key from those behind it for as long as its other keys are held.
          leave(waiting, owner)
          gone = waiting
        end
      end
    end
    if gone then
      refused = {}
      for _, freed in ipairs(gone) do todo[#todo + 1] = freed end
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
