-- How long a key is kept after it was taken or renewed, in milliseconds. A release keeps the TTL
-- (KEEPTTL). The time is a minute more than the longest lease (MAX_LEASE_MS in lock.ts), so a key keeps
-- its last token for at least a minute after its lease.
--
-- Tokens need no longer memory. A token is at least the server's clock, and that clock ends a
-- key too: a key whose last token is ahead of the clock is kept until the clock has passed the token
-- (see token_ttl_ms in queue). So a clock that is set back finds the last token of every key that was
-- released within the last minute before, and if it goes back no further than a minute, no token of
-- any key comes again.
local TOKEN_TTL_MS = '360000'
