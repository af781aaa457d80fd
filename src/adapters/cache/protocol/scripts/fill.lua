-- Keeps a loaded entry, unless one of its resources was invalidated since the load began.
--
-- KEYS[1]  base of all names
-- ARGV[1]  epoch the instance knows
-- ARGV[2]  key of the entry
-- ARGV[3]  id of its fill lease
-- ARGV[4]  last number when the lease was taken
-- ARGV[5]  life of the entry in ms; 0 releases the lease and keeps nothing
-- ARGV[6]  '+' or, when there is no such thing, '-'
-- ARGV[7]  the text
-- ARGV[8..n]  the resources it shows; none where its key is the only one
--
-- Returns { 1, time of its expiry in us } when it was kept, else {}

-- @include state

if epoch ~= ARGV[1] then return {} end

local key, number, life = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
-- @plant fill-without-lease
if call_own('GET', fill_of(key)) ~= ARGV[3] then return {} end
redis.call('DEL', fill_of(key))
if life == 0 then return {} end

local named = { unpack(ARGV, 8) }
local shown = #named > 0 and named or { key }
local gone = {}
for _, resource in ipairs(shown) do
  -- Its write may have committed at any moment, so also after this load.
  if drop_expired(resource) then gone[#gone + 1] = resource end
end
if #gone > 0 then invalidate(gone, 'ended') end
for _, resource in ipairs(shown) do
  if is_under_write(resource) then return {} end
end
-- @plant fill-of-replaced
if not is_current(shown, number) then return {} end

local expires = now + life * 1000
local value = header_of(number, expires, ARGV[6], named) .. '\n' .. ARGV[7]
redis.call('SET', entry_of(key), value, 'PX', life)
return { 1, text_of(expires) }
