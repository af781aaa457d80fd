-- Ends the hold-off of a write, and invalidates again: a load that began before the commit and is
-- still under way must not be kept, and the hold-off itself may have been lost meanwhile.
--
-- KEYS[1]  base of all names
-- ARGV[1]  genesis at the hold-off
-- ARGV[2]  owner: the write
-- ARGV[3]  number of the hold-off; 0 where other writes held some of the resources off with it
-- ARGV[4]  how many resources follow
-- ARGV[5..4+n]  the resources
-- then, for each new value to keep: its key, its life in ms, its text
--
-- Returns { number }

-- @include state

local count = tonumber(ARGV[4])
local resources = { unpack(ARGV, 5, 4 + count) }

-- Alone with its resources from the hold-off to now, so what it wrote is the latest.
local alone = genesis == ARGV[1] and now >= quiet and is_current(resources, tonumber(ARGV[3]))
for _, resource in ipairs(resources) do
  local standing = redis.call('ZREM', intents_of(resource), ARGV[2]) == 1
  forget_dead(resource)
  alone = alone and standing and not is_held_off(resource)
end
local number = invalidate(resources, 'free')

for i = 5 + count, #ARGV, 3 do
  local key, life, text = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if alone then
    local header = header_of(number, now + life * 1000, '+', {})
    redis.call('SET', entry_of(key), header .. '\n' .. text, 'PX', life)
  end
end
return { text_of(number) }
