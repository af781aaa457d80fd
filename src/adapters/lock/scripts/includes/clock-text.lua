-- The server's clock as text of sixteen digits, as long as a token: both compare as their numbers
-- do, and to print a Lua number costs as much as to set a key.
local time = redis.call('TIME')
local at = time[1] .. string.sub('00000' .. time[2], -6)
