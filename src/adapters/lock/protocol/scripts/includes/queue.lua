-- Shared by the lock scripts: how a lock key is read, taken, queued for and granted.
--
-- <key>        string  '<last token>' when free. '<token> <owner>' when held, or
--                      '<token>+<us> <owner>' when it was taken that many microseconds after its
--                      token, as after a renewal; with - when the token is ahead of the clock
-- <key>:queue  zset    waiting owners; the score is their arrival on this server's clock
-- <prefix>keys:<owner>
--              string  the keys that an owner of several keys waits for, one a line
-- owner        text    '<process>:<lease ms>:<tokens>' for one key, the one whose value or queue names it;
--                      '<process>:<lease ms>:<tokens>:<set>' for several keys; <set> is a digest of the
--                      keys and, on a cluster, begins with a hash tag of their slot
--
-- So an entry has the same length for one key and for a hundred, and the names of several keys are
-- stored once. One process waits once for one set of keys.
--
-- A grant reserves a block of fencing tokens; the owner says how many. The stored token is the first of
-- the block; after the block was extended, it is the first of the same number of tokens up to the last.
-- A grant begins at a moment of this server's clock, in microseconds, and lasts for the lease of its
-- owner. The message of a grant is the stored string, then the keys, one a line.
--
-- The including script declares `floor`. Scripts include this after the usual case: defining a function
-- at every call costs more than taking a key.

-- @include token-ttl
-- @include channel
-- @include clock
-- @include owner

-- Returns the last token, then deadline (us) and owner unless the key is free or its lease is over.
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

-- A key whose token is ahead of the clock is kept until the clock has passed the token: after an earlier
-- expiry the key would be granted with a lower token. For an hour at most, so that a clock that was years
-- ahead does not leave keys for years.
local HOUR_MS = 3600000
local function token_ttl_ms(last)
  local ahead = math.max(0, math.ceil((last - now) / 1000))
  return string.format('%d', math.min(HOUR_MS, TOKEN_TTL_MS + ahead))
end

-- Stores a grant whose block ends with `last`. Returns the stored string.
local function set_held(keys, last, owner)
  local base = last - tokens_of(owner) + 1
  local value = string.format(base == now and '%d ' or '%d%+d ', base, now - base) .. owner
  local keep = token_ttl_ms(last)
  for _, key in ipairs(keys) do redis.call('SET', key, value, 'PX', keep) end
  return value
end

-- Returns the last token of the next block. Tokens rise even when the server lost `last` with its memory.
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

-- Returns the keys that the owner at the head of the queue of `key` waits for; {} when its list has
-- expired, because it has not asked for a long time.
local function keys_of(owner, key)
  if not set_of(owner) then return { key } end
  local keys = {}
  local list = redis.call('GET', list_name(owner, key)) or ''
  for name in string.gmatch(list, '[^\n]+') do keys[#keys + 1] = name end
  return keys
end

-- Returns the greatest last token of the keys; nil unless the owner heads every queue and every key is
-- free.
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

-- Checked before the grant is published. The count of the publish would come too late: a cluster's bus
-- and replication also deliver the message to a process that listens at another server, and a skipped
-- process must not receive a grant.
local function listens(channel)
  return redis.call('PUBSUB', 'NUMSUB', channel)[2] > 0
end

-- Grants free keys to the first of their queues and skips processes that no longer listen.
-- Returns the token granted to `self`, which gets a reply and no message; 0 when `self` got nothing.
local function grant_next(keys, self)
  local granted = 0
  local todo = { unpack(keys) }
  -- Owners of several keys that cannot be granted now; each is checked once. Only an owner that leaves
  -- the queues can change that, because a grant keeps its keys held.
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
          -- It would block the owners behind it as long as its other keys are held.
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

-- The reply to an owner that got nothing: it says when to ask again unless a message comes first.
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
