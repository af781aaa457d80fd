-- Tells the server's time, for a process that waits: is the server there?
--
-- No KEYS, no ARGV
--
-- Returns { 0, server time in us }

local time = redis.call('TIME')
return { 0, time[1] * 1000000 + time[2] }
