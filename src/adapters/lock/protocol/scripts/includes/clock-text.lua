-- The server's clock as text of sixteen digits, as many as a token has now. Texts of one length compare
-- like their numbers, and printing a Lua number costs as much as setting a key. A token of another
-- length, as after a clock that began at 1970, is left to the general script.
local time = redis.call('TIME')
-- @plant clock-text-trusts-memory
local at = time[1] .. time[2]
if #at < 16 then
  at = string.sub('000000000' .. time[1], -10) .. string.sub('00000' .. time[2], -6)
end
