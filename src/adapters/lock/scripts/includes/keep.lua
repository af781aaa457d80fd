-- How long a key remembers its last token since it was taken or renewed. Text, for Redis is slow
-- to print a Lua number.
local KEEP_MS = '86400000'
