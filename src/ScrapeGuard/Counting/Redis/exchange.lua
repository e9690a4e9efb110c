-- Appends to the logs of some subjects what one node has counted, and hands back what other nodes appended since that node last looked.
--
-- KEYS[i]    the log of subject i: entries one after another, each unlike all others by its last eight bytes, its mark
-- ARGV[1]    for each key, one after another: the length (1) of a number, and the number: where the last entry the node knows has its mark, from the
--            beginning in bytes; none where the node does not know the log. That mark (8). The length (1) of a number, and the number: the time to live in
--            milliseconds; none to leave it. The length (4) of the entry to append, and the entry; none to only read. Lengths of four bytes are
--            little-endian, numbers are decimal. Without ARGV[1] all logs are read, whole.
-- Returns    one string, empty where nobody has news; for each key with news: i (2), status (1), length (4), bytes, little-endian. Status 1: these bytes are
--            after those the node knows; the entry follows them unless it is among them. 2: these bytes are the whole log; nothing was appended. 3: these
--            bytes are the whole log; the entry was appended after them. 4: the log is lost; nothing was written. 0: to be asked again as it is; there was no
--            room for these bytes.
-- A log longer than 8 MiB is none that is put together now and then: it is taken away, and nodes tell anew what they know.

-- Put together, 10,000 records, the most that may be remembered, take 0.5 MiB; where the log was lost each node tells 0.2 MiB of that before somebody does so.
local LONGEST, LAST, LONGEST_ANSWER = 8388608, '8388608', 16777216
local LATER, NEWS, WHOLE, WHOLE_APPENDED, LOST = 0, 1, 2, 3, 4
local KEYS, call, pcall, find, sub, unpack = KEYS, redis.call, redis.pcall, string.find, string.sub, struct.unpack
local answer
local room = LONGEST_ANSWER

local function tell(index, status, bytes)
  answer = answer or {}
  if #bytes > room then status, bytes = LATER, '' end
  room = room - #bytes
  answer[#answer + 1] = struct.pack('<I2BI4', index, status, #bytes) .. bytes
end

local function append(key, entry, ttl)
  call('APPEND', key, entry)
  if ttl ~= '' then call('PEXPIRE', key, ttl) end
end

-- Whether a log has an entry, as it was written or in a snapshot: there 9, the node (4), the last sequence it contains of that (4), and the first (4).
local function has(log, entry)
  if find(log, entry, 1, true) then return true end
  local _, node = find(log, '\9' .. sub(entry, -8, -5), 1, true)
  if not node or #log < node + 8 then return false end
  local last, first = unpack('<I4I4', log, node + 1)
  local sequence = unpack('<I4', entry, #entry - 3)
  return first <= sequence and sequence <= last
end

-- Reads and appends where the node does not know the log, or knows another.
local function meet(index, key, entry, ttl, known)
  local length = pcall('STRLEN', key)
  if type(length) ~= 'number' or length > LONGEST then call('DEL', key) length = 0 end
  if length == 0 then
    if known then return tell(index, LOST, '') end
    if entry ~= '' then append(key, entry, ttl) end
    return
  end
  local log = call('GET', key)
  if known or entry == '' or has(log, entry) then
    tell(index, WHOLE, log)
  else
    -- Who does not know the log does not know how long it is needed.
    append(key, entry, ttl ~= '' and call('PTTL', key) < tonumber(ttl) and ttl or '')
    tell(index, WHOLE_APPENDED, log)
  end
end

-- Positions stay text, as Redis takes them: a number it would print first, which takes longer than all else here.
local asked, at = ARGV[1] or string.rep('\0', 14 * #KEYS), 1
for index = 1, #KEYS do
  local key = KEYS[index]
  local start, mark, ttl, entry
  start, mark, ttl, entry, at = unpack('<Bc0c8Bc0I4c0', asked, at)
  if start == '' then
    meet(index, key, entry, ttl, false)
  else
    -- A key of another type answers a table, which is no mark.
    local tail = pcall('GETRANGE', key, start, LAST)
    if tail == mark then
      if entry ~= '' then append(key, entry, ttl) end
    elseif type(tail) == 'string' and sub(tail, 1, 8) == mark and start + #tail <= LONGEST then
      local news = sub(tail, 9)
      if entry ~= '' and not find(news, entry, 1, true) then append(key, entry, ttl) end
      tell(index, NEWS, news)
    else
      meet(index, key, entry, ttl, true)
    end
  end
end

return answer and table.concat(answer) or ''
