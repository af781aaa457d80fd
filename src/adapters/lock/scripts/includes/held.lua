-- Whether a stored value says that this grant holds the key: by the last token of its block,
-- or another, since a raise of the last may or may not have been served.
local function is_held_by(value, owner, first, last)
  if not value or not string.find(value, owner, -#owner, true) then return false end
  if string.find(value, last .. ' ', 1, true) == 1 then return true end
  local token = tonumber(string.match(value, '^%d+'))
  return token >= tonumber(first) and token <= tonumber(last)
end

-- A free key is kept as long as when it was held, which saves Redis to note another time.
local function set_free(key, last)
  redis.call('SET', key, last, 'KEEPTTL')
end
