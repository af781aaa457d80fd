-- @include owner

-- Whether a stored value shows that this grant holds the key. The value is that of the last reply, or a
-- later one after a renewal or an extended block without a reply, which Redis may have served. `grant` is
-- the value of the last reply, `last` the last token of the extended block. Another grant of the same
-- owner has other tokens, perhaps lower ones when Redis lost its memory.
local function is_held_by(value, grant, last)
  local base, owner = string.match(value, '^(%d+)[+-]?%d* (.*)$')
  local first, own = string.match(grant, '^(%d+)[+-]?%d* (.*)$')
  -- @plant release-without-owner-check
  if not base or owner ~= own or tonumber(base) < tonumber(first) then return false end
  return base + tokens_of(owner) - 1 <= tonumber(last)
end
