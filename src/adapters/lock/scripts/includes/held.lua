-- Whether a stored value says that this grant holds the key: by the last token of its block,
-- or another, since a raise of the last may or may not have been served.
local function is_held_by(value, owner, first, last)
  if not value or not string.find(value, owner, -#owner, true) then return false end
  local token = string.match(value, '^(%d+) ')
  return token == last
    or token and tonumber(token) >= tonumber(first) and tonumber(token) <= tonumber(last)
end
