-- Tells the server's time, for a process that waits: is the server there?
--
-- No KEYS, no ARGV
--
-- Returns { 0, server time in us }

-- @include clock

return { 0, now }
