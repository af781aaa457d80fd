-- For a reader after a miss: it may load, wait for another instance's load, or load past the cache.
--
-- KEYS[1]  base of all names
-- ARGV[1]  epoch the instance knows
-- ARGV[2]  key of the entry
-- ARGV[3]  1 when it is composed, else 0
-- ARGV[4]  id of the fill lease to take
-- ARGV[5]  its life in ms
--
-- Returns { 'load', last number }, { 'wait' }, { 'bypass' }, { 'hit', entry }, or {} for another epoch

-- @include state

if epoch ~= ARGV[1] then return {} end

local key, composed = ARGV[2], ARGV[3] == '1'
-- @plant new-epoch-trusted
if now < quiet then return { 'bypass' } end
if not composed then
  -- A composed load that shows this key may have read it before the expired write committed.
  if drop_expired(key) then invalidate({ key }, 'ended') end
  if is_under_write(key) then return { 'bypass' } end
end
local entry = current_entry(key)
if entry then return { 'hit', entry } end
-- @plant fill-lease-for-all
if not redis.call('SET', fill_of(key), ARGV[4], 'NX', 'PX', ARGV[5]) then
  if redis.call('PTTL', fill_of(key)) ~= -1 then return { 'wait' } end
  -- A fill lease always expires; this value is not one.
  redis.call('SET', fill_of(key), ARGV[4], 'PX', ARGV[5])
end
return { 'load', text_of(last) }
