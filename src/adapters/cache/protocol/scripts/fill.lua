-- Keeps what a reader loaded, unless anything it shows was invalidated since it began to load.
--
-- KEYS[1]  base of all names
-- ARGV[1]  genesis the instance knows
-- ARGV[2]  key of the entry
-- ARGV[3]  id of its fill lease
-- ARGV[4]  last number when the lease was taken
-- ARGV[5]  life of the entry in ms; 0 gives the lease back and keeps nothing
-- ARGV[6]  '+' or, when there is no such thing, '-'
-- ARGV[7]  the text
-- ARGV[8..n]  the resources it shows, none for an entry that shows the one it is named by
--
-- Returns { 1, when it expires in us } when it was kept, else {}

-- @include state

if genesis ~= ARGV[1] then return {} end

local key, number, life = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
if call_own('GET', fill_of(key)) ~= ARGV[3] then return {} end
redis.call('DEL', fill_of(key))
if life == 0 then return {} end

local named = { unpack(ARGV, 8) }
local shown = #named > 0 and named or { key }
local dead = {}
for _, resource in ipairs(shown) do
  -- Its write may have committed at any moment, so also after this load.
  if forget_dead(resource) then dead[#dead + 1] = resource end
end
if #dead > 0 then invalidate(dead, 'free') end
for _, resource in ipairs(shown) do
  if is_held_off(resource) then return {} end
end
if not is_current(shown, number) then return {} end

local expires = now + life * 1000
local value = header_of(number, expires, ARGV[6], named) .. '\n' .. ARGV[7]
redis.call('SET', entry_of(key), value, 'PX', life)
return { 1, text_of(expires) }
