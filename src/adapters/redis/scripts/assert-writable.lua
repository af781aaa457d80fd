-- Takes a small write, as a proof that this server takes writes.
--
-- KEYS[1]  a key that means nothing
--
-- Returns 1, or the error that a write gets here

-- A replica may be set up to take writes, but nobody else would see them.
local role = string.match(redis.call('INFO', 'replication'), 'role:(%a+)')
if role ~= 'master' then return redis.error_reply('READONLY this server is a ' .. role) end
redis.call('SET', KEYS[1], '1', 'PX', 10000)
return 1
