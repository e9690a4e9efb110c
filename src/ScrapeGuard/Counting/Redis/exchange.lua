-- Appends to the logs of some subjects what one node has counted, and hands back what other nodes appended since that node last looked.
--
-- KEYS[i]    the log of subject i: entries one after another, each unlike all others by its last eight bytes, its mark
-- ARGV       four for each key: where the last entry the node knows has its mark, from the beginning in bytes, or - where the node does not know the log;
--            that mark (8 bytes), or empty; the entry to append, or empty; the time to live in milliseconds, or empty to leave it
-- Returns    one string, empty where nobody has news; for each key with news: i (2), status (1), length (4), bytes, little-endian. Status 1: these bytes are
--            after those the node knows; the entry follows them unless it is among them. 2: these bytes are the whole log; nothing was appended. 3: these
--            bytes are the whole log; the entry was appended after them. 4: the log is lost; nothing was written.

local NEWS, WHOLE, WHOLE_APPENDED, LOST = 1, 2, 3, 4
local KEYS, ARGV, call, find, sub = KEYS, ARGV, redis.call, string.find, string.sub
local answer = {}

local function tell(index, status, bytes)
  answer[#answer + 1] = struct.pack('<I2BI4', index, status, #bytes) .. bytes
end

local function append(key, entry, ttl)
  call('APPEND', key, entry)
  if ttl ~= '' then call('PEXPIRE', key, ttl) end
end

-- Whether a log has an entry, as it was written or in a snapshot: there 9, the node (4), and the sequence it is applied up to (4).
local function has(log, entry)
  if find(log, entry, 1, true) then return true end
  local _, node = find(log, '\9' .. sub(entry, -8, -5), 1, true)
  return node and #log >= node + 4 and struct.unpack('<I4', log, node + 1) >= struct.unpack('<I4', entry, #entry - 3)
end

-- Reads and appends where the node does not know the log, or knows another.
local function meet(index, key, entry, ttl, known)
  local log = redis.pcall('GET', key)
  if type(log) == 'table' then call('DEL', key) log = false end
  if not log or log == '' then
    if known then return tell(index, LOST, '') end
    if entry ~= '' then append(key, entry, ttl) end
  elseif known or entry == '' or has(log, entry) then
    tell(index, WHOLE, log)
  else
    append(key, entry, ttl)
    tell(index, WHOLE_APPENDED, log)
  end
end

local at = 1
for index = 1, #KEYS do
  local key, start, mark, entry, ttl = KEYS[index], ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  at = at + 4
  if start == '-' then
    meet(index, key, entry, ttl, false)
  else
    -- A key of another type answers a table, which is no mark.
    local tail = redis.pcall('GETRANGE', key, start, -1)
    if tail == mark then
      if entry ~= '' then append(key, entry, ttl) end
    elseif type(tail) == 'string' and sub(tail, 1, 8) == mark then
      local news = sub(tail, 9)
      if entry ~= '' and not find(news, entry, 1, true) then append(key, entry, ttl) end
      tell(index, NEWS, news)
    else
      meet(index, key, entry, ttl, true)
    end
  end
end

return table.concat(answer)
