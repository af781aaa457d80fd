-- Does a small write, which proves that this server takes writes.
--
-- KEYS[1]  a key with no meaning
--
-- Returns 1, or the error of a write on this server

-- A replica may be configured to take writes, but no other server would see them.
local role = string.match(redis.call('INFO', 'replication'), 'role:(%a+)')
if role ~= 'master' then return redis.error_reply('READONLY this server is a ' .. role) end
redis.call('SET', KEYS[1], '1', 'PX', 10000)
return 1
