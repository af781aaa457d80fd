-- The server's clock as text of sixteen digits, as a token has them now: texts of one length compare
-- as their numbers do, and to print a Lua number costs as much as to set a key. Whatever is of
-- another length, as where a clock once began at 1970, is for the general text.
local time = redis.call('TIME')
-- @plant clock-text-trusts-memory
local at = string.sub('000000000' .. time[1], -10) .. string.sub('00000' .. time[2], -6)
