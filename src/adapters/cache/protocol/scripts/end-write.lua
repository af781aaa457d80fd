-- Ends a write intent, and invalidates again: a load that began before the commit may still be under
-- way, and Redis may have lost the intent meanwhile.
--
-- KEYS[1]  base of all names
-- ARGV[1]  epoch at the begin of the write
-- ARGV[2]  owner: the write
-- ARGV[3]  number of the write intent; 0 where other writes had an intent for some of the resources
-- ARGV[4]  how many resources follow
-- ARGV[5..4+n]  the resources
-- then, for each new value to keep: its key, its life in ms, its text
--
-- Returns { number }

-- @include state

local count = tonumber(ARGV[4])
local resources = { unpack(ARGV, 5, 4 + count) }

-- True: no other write came between, so its new values are the latest.
local alone = epoch == ARGV[1] and now >= quiet and is_current(resources, tonumber(ARGV[3]))
for _, resource in ipairs(resources) do
  local was_stored = redis.call('ZREM', intents_of(resource), ARGV[2]) == 1
  drop_expired(resource)
  alone = alone and was_stored and not is_under_write(resource)
end
-- @plant end-invalidates-nothing
local number = invalidate(resources, 'ended')

for i = 5 + count, #ARGV, 3 do
  local key, life, text = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if alone then
    local header = header_of(number, now + life * 1000, '+', {})
    redis.call('SET', entry_of(key), header .. '\n' .. text, 'PX', life)
  end
end
return { text_of(number) }
