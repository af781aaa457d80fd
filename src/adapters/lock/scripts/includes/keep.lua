-- How long a key remembers its last token since it was taken or renewed. It is freed with KEEPTTL,
-- which saves Redis to note another time.
local KEEP_MS = '86400000'
