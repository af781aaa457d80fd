-- Where a process that waits for this key listens. Every name begins with the prefix of the locks,
-- which ends at the last brace that opens: the name of a lock key has none inside (see lockName).
local function prefix_of(key)
  return string.match(key, '^(.*){')
end

local function channel_of(process, key)
  return prefix_of(key) .. 'grant:' .. process
end
