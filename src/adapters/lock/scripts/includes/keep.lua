-- How long a free key remembers its last token. Text, for Redis is slow to print a Lua number.
local KEEP_MS = '86400000'
