-- How long a key is kept since it was taken or renewed, also when it is free by then: it is freed
-- with KEEPTTL, which saves Redis to note another time. It is a minute more than the longest lease
-- (see lock-request.ts), so a key keeps its last token for a minute or more behind its lease.
--
-- That is all the memory tokens need. They are at least the server's clock, and that clock ends a
-- key too: a key whose last token is ahead of the clock is kept until the clock has passed the token
-- (see token_ttl_ms in queue). So a clock that is set back finds the last token of every key that was
-- released within the last minute before, and if it goes back no further than a minute, no token of
-- any key comes again.
local TOKEN_TTL_MS = '360000'
