-- How long a key remembers its last token since it was taken or renewed.
local KEEP_MS = '86400000'
