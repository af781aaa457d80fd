-- Returns how many fencing tokens a grant to this owner reserves: see queue.
local function tokens_of(owner)
  return string.match(owner, '^[^:]+:%d+:(%d+)')
end
