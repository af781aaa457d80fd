-- @include owner

-- Whether a stored value says that this grant holds the key: as when it was answered last, or
-- after a raise or a renewal that got no answer, for nobody knows whether that was served. `grant`
-- is the value of the last answer, `last` the last token after all raises. A grant of the same
-- owner before or after has other tokens, lower ones too where Redis lost its memory.
local function is_held_by(value, grant, last)
  local base, owner = string.match(value, '^(%d+)[+-]?%d* (.*)$')
  local first, own = string.match(grant, '^(%d+)[+-]?%d* (.*)$')
  -- @plant release-without-owner-check
  if not base or owner ~= own or tonumber(base) < tonumber(first) then return false end
  return base + tokens_of(owner) - 1 <= tonumber(last)
end
