-- Returns the server's time, as a heartbeat for a waiting process.
--
-- No KEYS, no ARGV
--
-- Returns { 0, server time in us }

-- @include clock

return { 0, now }
