-- Serves several calls of acquire and release, each for one key, each as if it came by itself.
--
-- KEYS[1..n]  the lock keys, all different
-- ARGV[1]     floor: the greatest token the caller knows
-- ARGV[2]     the owners' common text, which their key completes
-- ARGV[3]     lease in ms
-- ARGV[4]     fencing tokens to reserve
-- ARGV        for each key three more, of which one sort begins with a word:
--             acquire  'acquire', ARGV[5] of that script, ''
--             release  ARGV[3..5] of that script
--
-- Returns { server time in us, a reply for each key }: the token of what was free, 0 for a key
-- that was given back, else the reply of acquire or release, or the error

-- @include keep
-- @include clock
-- @include held

local floor, lease_ms, tokens = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local replies, left, queues = { now }, {}, {}

local values = redis.call('MGET', unpack(KEYS))
for i, key in ipairs(KEYS) do queues[i] = key .. ':queue' end
local all_idle = redis.call('EXISTS', unpack(queues)) == 0

-- The usual token, in text: to print a number costs as much as to set a key.
local usual = math.max(floor + 1, now) + tokens - 1
local deadline = string.format(' %d ', now + lease_ms * 1000) .. ARGV[2]
local usual_held = string.format('%d', usual) .. deadline

-- First those for whom nobody waits: they touch no key but their own, so what was read is true.
for i, key in ipairs(KEYS) do
  local at = i * 3 + 2
  local value = values[i]
  if not all_idle and redis.call('EXISTS', queues[i]) == 1 then
    left[#left + 1] = i
  elseif ARGV[at] == 'acquire' then
    local last = tonumber(value or 0)
    if not last then
      left[#left + 1] = i
    elseif last + tokens <= usual then
      redis.call('SET', key, usual_held .. key, 'PX', KEEP_MS)
      replies[i + 1] = usual
    else
      local token = last + tokens
      redis.call('SET', key, string.format('%d', token) .. deadline .. key, 'PX', KEEP_MS)
      replies[i + 1] = token
    end
  elseif ARGV[at + 2] == '0' then
    if is_held_by(value, ARGV[2] .. key, ARGV[at], ARGV[at + 1]) then
      set_free(key, ARGV[at + 1])
    end
    replies[i + 1] = 0
  else
    left[#left + 1] = i
  end
end
if #left == 0 then return replies end

-- @include acquire
-- @include hand-on

local function serve(key, a, b, c)
  local owner = ARGV[2] .. key
  if a == 'acquire' then return acquire({ key }, owner, lease_ms, tokens, b) end
  if is_held_by(redis.call('GET', key), owner, a, b) then
    set_free(key, b)
  end
  return hand_on({ key }, owner, c == '1')
end

for _, i in ipairs(left) do
  local at = i * 3 + 2
  -- The error of one is not that of the others.
  local done, reply = pcall(serve, KEYS[i], unpack(ARGV, at, at + 2))
  replies[i + 1] = (done or type(reply) == 'table') and reply or { err = reply }
end
return replies
