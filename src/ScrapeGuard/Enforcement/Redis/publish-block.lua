-- Stores one block entry unless a newer one is stored, and tells every node.
--
-- KEYS[1]  the entry of the subject; expires when the entry can make no later block longer any more
-- KEYS[2]  the index of all entries: a sorted set of subjects by the time their entry expires, in milliseconds by the clock of this server; expires with
--          the last of them
-- ARGV[1]  the subject, as in the index
-- ARGV[2]  the entry: "1 <version> <id> ..."
-- ARGV[3]  in how many milliseconds the entry expires
-- ARGV[4]  the command that publishes: SPUBLISH on a cluster, where the channel has the hash tag of the keys; else PUBLISH
-- ARGV[5]  the channel
-- ARGV[6]  1 to store it whatever is stored, which was found to be no valid entry
-- Returns  false where the entry was stored, or was stored already; else the entry that is newer

local MOST = 100000

local function version(entry)
  local number, id = string.match(entry, '^1 (%d+) (%S+)')
  return tonumber(number or 0), id or ''
end

local stored = redis.call('GET', KEYS[1])
if stored and ARGV[6] ~= '1' then
  local theirs, theirId = version(stored)
  local ours, ourId = version(ARGV[2])
  if stored == ARGV[2] then return false end
  if theirs > ours or (theirs == ours and theirId > ourId) then return stored end
end

local time = redis.call('TIME')
local now, lifetime = time[1] * 1000 + math.floor(time[2] / 1000), math.max(1000, tonumber(ARGV[3]))
redis.call('SET', KEYS[1], ARGV[2], 'PX', string.format('%.0f', lifetime))
redis.call(ARGV[4], ARGV[5], ARGV[2])
redis.call('ZADD', KEYS[2], string.format('%.0f', now + lifetime), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('(%.0f', now))
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -MOST - 1)
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
-- A score that nobody of ours wrote must not keep the index for ever.
if last[2] then redis.call('PEXPIRE', KEYS[2], string.format('%.0f', math.max(1000, math.min(tonumber(last[2]) - now, 63072000000)))) end
return false
