-- Whether a stored value says that this grant holds the key, with all the tokens it has now or
-- with those it had before a raise: nobody knows whether a request was served that got no answer.
-- `grant` is the value that the grant would have, `last` the last of its tokens.
local function is_held_by(value, grant, last)
  local base, owner = string.match(value, '^(%d+) %d+ (.*)$')
  if not base or owner ~= string.match(grant, '^%d+ %d+ (.*)$') then return false end
  local tokens = string.match(owner, '^[^\n]+\n%d+\n(%d+)\n')
  return base + tokens - 1 <= tonumber(last)
end
