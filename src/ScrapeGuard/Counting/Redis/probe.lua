-- Whether this server runs scripts and takes writes, what time it is there, which server it is, and which nodes share it.
--
-- KEYS[1]  a key of the probe's own; expires after a minute
-- KEYS[2]  the nodes: a hash of when each was last heard, in milliseconds since 1970, less than 0 for one that has stopped; or none, to leave nodes alone
-- ARGV[1]  the name of the node that asks
-- ARGV[2]  1 where it stops now
-- ARGV[3]  how long a node is listed after it was last heard, in milliseconds
-- Returns  words: the time of the server in milliseconds since 1970, the run id of the server or - where it does not tell, since when some node has been heard
--          at least once in that time, then for each node its name and when it was heard
-- What is no list of nodes is taken away: another type, more names than nodes can be, and fields that no node wrote.

local MOST_NODES, LONGEST_NAME, LONGEST_TIME, MOST_AHEAD = 1000, 4096, 15, 60000

local function number(text)
  return #text <= LONGEST_TIME and string.match(text, '^%-?%d+$') and tonumber(text)
end

local function isName(text)
  return #text <= LONGEST_NAME and string.match(text, '^[%w:,]+$')
end

redis.call('SET', KEYS[1], '1', 'PX', '60000')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '-'
local words = { string.format('%.0f', now), run, string.format('%.0f', now) }
if not KEYS[2] then return table.concat(words, ' ') end

local listed = redis.pcall('HLEN', KEYS[2])
local since
if type(listed) ~= 'number' or listed > MOST_NODES then
  since = type(listed) == 'number' and redis.call('HGET', KEYS[2], 'since')
  redis.call('UNLINK', KEYS[2])
end
redis.call('HSETNX', KEYS[2], 'since', since or words[1])
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', ARGV[2] == '1' and -now or now))
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local nodes = redis.call('HGETALL', KEYS[2])
for place = 1, #nodes, 2 do
  local name, text = nodes[place], nodes[place + 1]
  local time = number(text)
  if name == 'since' then
    if time and time >= 0 and time <= now then words[3] = text else redis.call('HSET', KEYS[2], name, words[1]) end
  elseif isName(name) and time and math.abs(time) >= now - tonumber(ARGV[3]) and math.abs(time) <= now + MOST_AHEAD then
    words[#words + 1] = name
    words[#words + 1] = text
  else
    redis.call('HDEL', KEYS[2], name)
  end
end
return table.concat(words, ' ')
