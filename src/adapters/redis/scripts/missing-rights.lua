-- Finds the commands that the user of this connection may not run. It runs none of them.
--
-- ARGV  commands, each with its arguments, separated by blanks
--
-- Returns those that the access control list refuses; none before Redis 7, which cannot tell

local refused = {}
if not redis.acl_check_cmd then return refused end
for _, command in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(command, '%S+') do words[#words + 1] = word end
  if not redis.acl_check_cmd(unpack(words)) then refused[#refused + 1] = command end
end
return refused
