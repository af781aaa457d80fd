local base = KEYS[1]
local control, numbers = base .. ':control', base .. ':numbers'
local entry_of = function(key) return base .. ':entry:' .. key end
local fill_of = function(key) return base .. ':fill:' .. key end
local intents_of = function(resource) return base .. ':intents:' .. resource end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
-- A value that this cache did not write there counts as lost memory.
local known = redis.pcall('HMGET', control, 'epoch', 'last', 'floor', 'quiet')
if known.err and not string.find(known.err, 'WRONGTYPE', 1, true) then return known end
local last, floor, quiet = tonumber(known[2]), tonumber(known[3]), tonumber(known[4])
local epoch = last and floor and quiet and known[1] or ''
last, floor, quiet = last or 0, floor or 0, quiet or 0

-- Calls a command on a key of this cache. A value of another type is not from this cache: it is
-- deleted, and the result is nil.
local function call_own(command, name, ...)
  local reply = redis.pcall(command, name, ...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if not string.find(reply.err, 'WRONGTYPE', 1, true) then error(reply.err, 0) end
  redis.call('DEL', name)
  return nil
end

local function text_of(number) return string.format('%.0f', number) end

-- Gives these resources a number greater than all before, and publishes it to every instance.
-- `state`: a write was 'begun' or 'ended'.
local function invalidate(resources, state)
  local number = math.max(last + 1, now)
  local message = { epoch, text_of(last), text_of(number), state }
  for _, resource in ipairs(resources) do
    redis.call('ZADD', numbers, text_of(number), resource)
    redis.call('DEL', entry_of(resource), fill_of(resource))
    message[#message + 1] = resource
  end
  last = number
  redis.call('HSET', control, 'last', text_of(number))
  redis.call('PUBLISH', base .. ':invalidations', table.concat(message, ' '))
  return number
end

-- Removes expired write intents, and returns whether there were any.
local function drop_expired(resource)
  local removed = call_own('ZREMRANGEBYSCORE', intents_of(resource), '-inf', text_of(now))
  return removed == nil or removed > 0
end

local function is_under_write(resource)
  return redis.call('EXISTS', intents_of(resource)) == 1
end

-- Whether none of the resources was invalidated after this number.
local function is_current(resources, number)
  if floor > number then return false end
  if #resources == 0 then return true end
  for _, score in ipairs(redis.call('ZMSCORE', numbers, unpack(resources))) do
    if score and tonumber(score) > number then return false end
  end
  return true
end

local function header_of(number, expires, presence, resources)
  local parts = { epoch, text_of(number), text_of(expires), presence }
  for _, resource in ipairs(resources) do parts[#parts + 1] = resource end
  return table.concat(parts, ' ')
end

-- The entry, if it is from this epoch and none of its resources was invalidated since its load.
local function current_entry(key)
  local value = call_own('GET', entry_of(key))
  if not value then return false end
  local words = {}
  for word in string.gmatch(string.sub(value, 1, string.find(value, '\n', 1, true) - 1), '%S+') do
    words[#words + 1] = word
  end
  local shown = { unpack(words, 5) }
  return words[1] == epoch and is_current(shown, tonumber(words[2])) and value
end
