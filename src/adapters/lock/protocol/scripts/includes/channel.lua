-- The channel on which a process that waits for `key` listens. Every name begins with the prefix of the
-- locks, which ends at the last opening brace: a lock key contains none (see lockName).
local function prefix_of(key)
  return string.match(key, '^(.*){')
end

local function channel_of(process, key)
  return prefix_of(key) .. 'grant:' .. process
end
