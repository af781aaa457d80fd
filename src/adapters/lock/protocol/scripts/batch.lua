-- Serves several calls of acquire and release, each for one key, each as if it were sent alone.
--
-- KEYS[1..n]  the lock keys, all different
-- ARGV[1]     floor: the greatest token the caller knows
-- ARGV[2]     owner of all of them
-- ARGV[3..]   three for each key:
--             acquire  'acquire', ARGV[3] of that script, ''
--             release  stored string of the grant without the owner, ARGV[2] of that script,
--                      '1' to queue the owner again, else '0'
--
-- Returns { server time in us, a reply for each key }: 1 for a free key that is granted with that time
-- as its first token, 0 for a released key, else the reply of acquire or release, or the error

-- @include token-ttl
-- @include clock-text
-- @include held

local owner = ARGV[2]
local replies, left, queues = { tonumber(at) }, {}, {}

local values = redis.call('MGET', unpack(KEYS))
for i, key in ipairs(KEYS) do queues[i] = key .. ':queue' end
-- @plant batch-ignores-queues
local all_idle = redis.call('EXISTS', unpack(queues)) == 0

local usual = at .. ' ' .. owner
local may_be_usual = (#ARGV[1] == 16 or ARGV[1] == '0') and ARGV[1] < at

-- First the keys without a queue: each call changes its own key only, so the values read above stay
-- valid.
for i, key in ipairs(KEYS) do
  local n = i * 3
  local value = values[i]
  if not all_idle and redis.call('EXISTS', queues[i]) == 1 then
    left[#left + 1] = i
  elseif ARGV[n] == 'acquire' then
    -- @plant batch-takes-held
    if may_be_usual and (not value or (#value == 16 and value < at)) then
      redis.call('SET', key, usual, 'PX', TOKEN_TTL_MS)
      replies[i + 1] = 1
    else
      left[#left + 1] = i
    end
  elseif ARGV[n + 2] == '0' then
    local grant = ARGV[n] .. owner
    if value == grant or value and is_held_by(value, grant, ARGV[n + 1]) then
      redis.call('SET', key, ARGV[n + 1], 'KEEPTTL')
    end
    replies[i + 1] = 0
  else
    left[#left + 1] = i
  end
end
if #left == 0 then return replies end

local floor = tonumber(ARGV[1])

-- @include acquire
-- @include release-general

local function serve(key, a, b, c)
  if a == 'acquire' then return acquire({ key }, owner, b) end
  local value = redis.call('GET', key)
  if value and is_held_by(value, a .. owner, b) then redis.call('SET', key, b, 'KEEPTTL') end
  return release_general({ key }, owner, c == '1') or 0
end

for _, i in ipairs(left) do
  local n = i * 3
  -- The error of one call does not fail the others.
  local done, reply = pcall(serve, KEYS[i], unpack(ARGV, n, n + 2))
  replies[i + 1] = (done or type(reply) == 'table') and reply or { err = reply }
end
return replies
