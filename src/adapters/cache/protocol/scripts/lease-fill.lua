-- For a reader that missed: tells it to load, to wait for another loader, or to read past the cache.
--
-- KEYS[1]  base of all names
-- ARGV[1]  genesis the instance knows
-- ARGV[2]  key of the entry
-- ARGV[3]  1 when it is composed, else 0
-- ARGV[4]  id of the fill lease to take
-- ARGV[5]  its life in ms
--
-- Returns { 'load', last number }, { 'wait' }, { 'pass' }, { 'hit', entry }, or {} for another genesis

-- @include state

if genesis ~= ARGV[1] then return {} end

local key, composed = ARGV[2], ARGV[3] == '1'
if now < quiet then return { 'pass' } end
if not composed then
  -- Loads of composed entries that show it may be from before the dead writer's commit.
  if forget_dead(key) then invalidate({ key }, 'free') end
  if is_held_off(key) then return { 'pass' } end
end
local entry = current_entry(key)
if entry then return { 'hit', entry } end
if not redis.call('SET', fill_of(key), ARGV[4], 'NX', 'PX', ARGV[5]) then
  if redis.call('PTTL', fill_of(key)) ~= -1 then return { 'wait' } end
  -- Ours end: somebody else wrote this one.
  redis.call('SET', fill_of(key), ARGV[4], 'PX', ARGV[5])
end
return { 'load', text_of(last) }
