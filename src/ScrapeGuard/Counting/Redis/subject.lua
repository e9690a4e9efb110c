-- The state of one subject that nodes share, and every operation on it. One file, because all operations read and write the same packed value; the same
-- arithmetic, operation for operation, as Counting/SubjectState.cs.
--
-- KEYS[1]  the state of the subject, packed; expires when nothing in it can count any more
-- KEYS[2]  the accounts known at an address, packed; expires after 30 days; only where the subject is an address
-- ARGV[1]  the operation: reserve, settle, grant, read
-- ARGV[2]  the time in milliseconds since 1970, corrected by the offset to this server
-- ARGV[3]  the caller's windows, 12 bytes each, little-endian: count (1), charge (1), kind (4), length in milliseconds (6)
-- reserve: ARGV[4] id (8 bytes), [5] views, [6] charge (a bit for each of the caller's windows), [7] records (8 bytes each),
--          [8] maxima (4 bytes for each window, 0 for none; or empty), [9] account (8 bytes; or empty), [10] 1 where that account is warned
-- settle:  ARGV[4] id, [5] time of the view in milliseconds, [6] views, [7] charge, [8] records,
--          [9] outcome (0 displayed, 1 missed, 2 view only, 3 released), [10] more views, [11] raw records, [12] most records to remember
-- grant:   ARGV[4] allowance in records, [5] its end in milliseconds, [6] most per day
-- Returns  reserve and read: a reading, packed, little-endian: for each of the caller's windows newest index (6), 13 slots (2 each), reserved (2); then novel (2),
--          granted (1), allowance left (2), step-ups in 24 h (1), accounts in good standing (2), records displayed (2), end of the allowance (6), last novel
--          record at (6).
--          settle: nothing. grant: 1, or 0 where the step-ups of the day are used up.

local LAYOUT, MOST_WINDOWS, MOST_ACCOUNTS = 1, 30, 512
local DAY, LAPSE, MEMORY, REFRESH = 86400000, 60000, 2592000000, 600000
local VIEWS, RECORDS, MISSES, RAW_VIEWS, RAW_RECORDS = 0, 1, 2, 3, 4
local DISPLAYED, MISSED, VIEW_ONLY, RELEASED = 0, 1, 2, 3
local EMPTY = string.rep('\0', 26)
local HEADER, WINDOW, SHOWN, FLIGHT, ACCOUNT = 29, 44, 18, 34, 21

local operation, now, labels = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local band, bor, bnot = bit.band, bit.bor, bit.bnot
local pack, unpack, floor, min, max = struct.pack, struct.unpack, math.floor, math.min, math.max

local lastNovel, allowance, allowanceUntil, good, goodAt = 0, 0, 0, 0, 0
local stepUps, windows, flights, shown = {}, {}, {}, ''

-- Times and lengths are six bytes, in two steps: not every server that runs this packs integers of more than four.
local function put_time(time) return pack('<I4I2', time % 4294967296, floor(time / 4294967296)) end

local function get_time(text, at)
  local low, high = unpack('<I4I2', text, at)
  return high * 4294967296 + low
end

-- The packed value -----------------------------------------------------------------------------------------------------------------------------------

local function window(label)
  local length = get_time(label, 7)
  return { label = label, count = string.byte(label), length = length, sub = floor((length + 11) / 12), newest = 0, ring = EMPTY }
end

local function load()
  local value = redis.call('GET', KEYS[1])
  if not value or #value < HEADER or string.byte(value) ~= LAYOUT then return end
  local steps, kept, seen, flying
  allowance, good, steps, kept, seen, flying = unpack('<I2I2BBI2I2', value, 2)
  lastNovel, allowanceUntil, goodAt = get_time(value, 12), get_time(value, 18), get_time(value, 24)
  if #value ~= HEADER + 6 * steps + WINDOW * kept + SHOWN * seen + FLIGHT * flying then
    lastNovel, allowance, allowanceUntil, good, goodAt = 0, 0, 0, 0, 0
    return
  end
  local at = HEADER + 1
  for step = 1, steps do
    stepUps[step] = get_time(value, at)
    at = at + 6
  end
  for slot = 1, kept do
    local one = window(string.sub(value, at, at + 11))
    one.newest = get_time(value, at + 12)
    one.ring = string.sub(value, at + 18, at + 43)
    windows[slot] = one
    at = at + WINDOW
  end
  shown = string.sub(value, at, at + SHOWN * seen - 1)
  at = at + SHOWN * seen
  for index = 1, flying do
    local flight = { id = string.sub(value, at, at + 7), record = string.sub(value, at + 24, at + 31) }
    flight.at = get_time(value, at + 8)
    flight.views, flight.charge, flight.novel = unpack('<I2I4I4', value, at + 14)
    flight.allowance = unpack('<I2', value, at + 32)
    flights[index] = flight
    at = at + FLIGHT
  end
  return true
end

local function save()
  local parts = { pack('<BI2I2BBI2I2', LAYOUT, min(allowance, 65535), good, #stepUps, #windows, #shown / SHOWN, #flights)
    .. put_time(lastNovel) .. put_time(allowanceUntil) .. put_time(goodAt) }
  local ends = 0
  for _, time in ipairs(stepUps) do
    parts[#parts + 1] = put_time(time)
    ends = max(ends, time + DAY)
  end
  for _, one in ipairs(windows) do
    parts[#parts + 1] = one.label .. put_time(one.newest) .. one.ring
    if one.ring ~= EMPTY then ends = max(ends, now + one.length + one.sub) end
  end
  if shown ~= '' then
    parts[#parts + 1] = shown
    ends = max(ends, now + DAY)
  end
  for _, flight in ipairs(flights) do
    parts[#parts + 1] = flight.id .. put_time(flight.at) .. pack('<I2I4I4', flight.views, flight.charge, flight.novel) .. flight.record
      .. pack('<I2', flight.allowance)
    ends = max(ends, flight.at + LAPSE)
  end
  redis.call('SET', KEYS[1], table.concat(parts), 'PX', string.format('%.0f', max(1000, allowanceUntil - now, ends - now)))
end

-- Windows --------------------------------------------------------------------------------------------------------------------------------------------

local function advance(one)
  local index = floor(now / one.sub)
  local steps = index - one.newest
  if steps == 0 or steps == -1 then return end
  one.newest = index
  if steps < 0 then return end
  one.ring = steps >= 13 and EMPTY or string.sub(one.ring, 2 * steps + 1) .. string.rep('\0', 2 * steps)
end

local function add(one, at, events)
  local slot = 12 - max(0, one.newest - floor(at / one.sub))
  if slot < 0 or events == 0 then return end
  local count = unpack('<I2', one.ring, 2 * slot + 1)
  one.ring = string.sub(one.ring, 1, 2 * slot) .. pack('<I2', max(0, min(65535, count + events))) .. string.sub(one.ring, 2 * slot + 3)
end

local function total(one)
  local sum = 0
  for at = 1, 25, 2 do sum = sum + unpack('<I2', one.ring, at) end
  return sum
end

-- The slot of each of the caller's windows in the value, and bit values for them.
local mine, bits = {}, {}

-- A window that this caller does not know stays for the nodes that do; the one longest out of use makes room.
local function free_slot()
  if #windows < MOST_WINDOWS then return #windows + 1 end
  local oldest
  for slot, one in ipairs(windows) do
    if not string.find(labels, one.label, 1, true) and (not oldest or one.newest * one.sub < windows[oldest].newest * windows[oldest].sub) then
      oldest = slot
    end
  end
  local gone = bnot(2 ^ (oldest - 1))
  local kept = {}
  for at = 1, #shown, SHOWN do
    kept[#kept + 1] = string.sub(shown, at, at + 13) .. pack('<I4', band(unpack('<I4', shown, at + 14), gone))
  end
  shown = table.concat(kept)
  for _, flight in ipairs(flights) do
    flight.charge, flight.novel = band(flight.charge, gone), band(flight.novel, gone)
  end
  return oldest
end

local function match_windows()
  local slots = {}
  for slot, one in ipairs(windows) do slots[one.label] = slot end
  for at = 1, #labels, 12 do
    local label = string.sub(labels, at, at + 11)
    local slot = slots[label]
    if not slot then
      slot = free_slot()
      windows[slot] = window(label)
    end
    mine[#mine + 1], bits[#bits + 1] = slot, 2 ^ (slot - 1)
  end
end

local function translate(charge)
  local result = 0
  for index = 1, #mine do
    if floor(charge / 2 ^ (index - 1)) % 2 == 1 then result = result + bits[index] end
  end
  return result
end

local function mask_of(count)
  local result = 0
  for index, slot in ipairs(mine) do
    if windows[slot].count == count then result = result + bits[index] end
  end
  return result
end

local function add_all(count, charge, at, events)
  for index, slot in ipairs(mine) do
    if windows[slot].count == count and (not charge or band(charge, bits[index]) ~= 0) then add(windows[slot], at, events) end
  end
end

-- Records and reservations ---------------------------------------------------------------------------------------------------------------------------

local function find(list, size, item)
  local from = 1
  while true do
    local at = string.find(list, item, from, true)
    if not at or (at - 1) % size == 0 then return at end
    from = at + 1
  end
end

local function novel_bits(record, charge)
  local result = band(charge, mask_of(RECORDS))
  local at = find(shown, SHOWN, record)
  if at and get_time(shown, at + 8) > now - DAY then result = band(result, bnot(unpack('<I4', shown, at + 14))) end
  for _, flight in ipairs(flights) do
    if flight.record == record then result = band(result, bnot(flight.novel)) end
  end
  return result
end

-- Takes a view out of flight. Another view in flight for the same record inherits what it had reserved.
local function take_back(id)
  local returned = 0
  for index = #flights, 1, -1 do
    local gone = flights[index]
    if gone.id == id then
      returned = returned + gone.allowance
      table.remove(flights, index)
      local left = gone.novel
      for _, heir in ipairs(flights) do
        if left == 0 then break end
        if heir.record == gone.record and heir.id ~= id then
          local inherited = band(left, heir.charge, bnot(heir.novel))
          heir.novel = bor(heir.novel, inherited)
          left = band(left, bnot(inherited))
        end
      end
    end
  end
  return returned
end

local function expire()
  for _, one in ipairs(windows) do advance(one) end
  local index = 1
  while index <= #flights do
    if flights[index].at <= now - LAPSE then
      allowance = allowance + take_back(flights[index].id)
      index = 1
    else
      index = index + 1
    end
  end
  local from = 1
  while from <= #shown and get_time(shown, from + 8) <= now - DAY do from = from + SHOWN end
  if from > 1 then shown = string.sub(shown, from) end
  for step = #stepUps, 1, -1 do
    if stepUps[step] <= now - DAY then table.remove(stepUps, step) end
  end
end

local function display(record, charge, at)
  if charge == 0 then return end
  local last, counted = at, 0
  local entry = find(shown, SHOWN, record)
  if entry then
    local before = get_time(shown, entry + 8)
    if before > at - DAY then last, counted = max(at, before), unpack('<I4', shown, entry + 14) end
    shown = string.sub(shown, 1, entry - 1) .. string.sub(shown, entry + SHOWN)
  end
  local novel = band(charge, bnot(counted))
  for index, slot in ipairs(mine) do
    if band(novel, bits[index]) ~= 0 then add(windows[slot], at, 1) end
  end
  shown = shown .. record .. put_time(last) .. pack('<I4', bor(counted, charge))
  if novel ~= 0 then lastNovel = max(lastNovel, at) end
  for _, flight in ipairs(flights) do
    if flight.record == record then flight.novel = band(flight.novel, bnot(charge)) end
  end
end

-- Judged by the caller from this and the settled slots; for misses, the other views in flight.
local function reserved(index, id)
  local one, sum = windows[mine[index]], 0
  for _, flight in ipairs(flights) do
    if one.count == RECORDS then
      if band(flight.novel, bits[index]) ~= 0 then sum = sum + 1 end
    elseif (one.count == VIEWS or (one.count == MISSES and flight.id ~= id)) and band(flight.charge, bits[index]) ~= 0 then
      sum = sum + flight.views
    end
  end
  return sum
end

local function use_allowance(id, maxima, novel, charge)
  if allowanceUntil <= now then return 0 end
  local past, units = false, novel
  for index, slot in ipairs(mine) do
    local one, most = windows[slot], unpack('<I4', maxima, 4 * index - 3)
    local count = total(one)
    if one.count ~= MISSES then
      count = count + reserved(index, id)
    else
      count = count + 1 + (count * 2 >= most and reserved(index, id) or 0)
    end
    if most > 0 and count > most and band(charge, bits[index]) ~= 0 then
      past = true
      -- Revisits are free past a limit of records; past one of views or misses each view takes from the allowance.
      if one.count ~= RECORDS then units = max(1, units) end
    end
  end
  if not past or allowance < units then return 0 end
  for _, flight in ipairs(flights) do
    if flight.id == id then
      flight.allowance = units
      break
    end
  end
  allowance = allowance - units
  return 1
end

-- Accounts known at an address -----------------------------------------------------------------------------------------------------------------------

-- Whether there was a state of the subject; without one the accounts may still be known, which nothing but time forgets.
local isKnown = false

local function count_good(known)
  good, goodAt = 0, now
  for at = 1, #known, ACCOUNT do
    if string.byte(known, at + 20) == 0 and get_time(known, at + 14) > now - DAY then good = good + 1 end
  end
end

local function oldest_account(known)
  local oldest, found = math.huge, 1
  for at = 1, #known, ACCOUNT do
    local last = get_time(known, at + 14)
    if last < oldest then oldest, found = last, at end
  end
  return found
end

-- Written on a change, and every ten minutes; in between the accounts in good standing are known already.
local function see(account, warned)
  if not KEYS[2] or (account == '' and isKnown and (good == 0 or math.abs(now - goodAt) < REFRESH)) then return end
  local known = redis.call('GET', KEYS[2]) or ''
  if account == '' then return count_good(known) end
  local at, first = find(known, ACCOUNT, account), now
  if at then
    local last = get_time(known, at + 14)
    if last > now - MEMORY then first = get_time(known, at + 8) end
    if string.byte(known, at + 20) == warned and math.abs(now - last) < REFRESH and math.abs(now - goodAt) < REFRESH then return end
    known = string.sub(known, 1, at - 1) .. string.sub(known, at + ACCOUNT)
  elseif #known >= MOST_ACCOUNTS * ACCOUNT then
    at = oldest_account(known)
    known = string.sub(known, 1, at - 1) .. string.sub(known, at + ACCOUNT)
  end
  known = known .. account .. put_time(first) .. put_time(now) .. string.char(warned)
  redis.call('SET', KEYS[2], known, 'PX', string.format('%.0f', MEMORY))
  count_good(known)
end

-- Operations -----------------------------------------------------------------------------------------------------------------------------------------

local function reading(id, novel, granted)
  local parts = {}
  for index, slot in ipairs(mine) do
    local one = windows[slot]
    parts[index] = put_time(one.newest) .. one.ring .. pack('<I2', min(65535, reserved(index, id)))
  end
  parts[#parts + 1] = pack('<I2BI2BI2I2', min(novel, 65535), granted, allowanceUntil > now and min(allowance, 65535) or 0, #stepUps, good, #shown / SHOWN)
    .. put_time(allowanceUntil) .. put_time(lastNovel)
  return table.concat(parts)
end

local function reserve(id, views, charge, records, maxima, account, warned)
  charge = translate(charge)
  allowance = allowance + take_back(id)
  local novel = 0
  local none = string.rep('\0', 8)
  for at = 1, max(1, #records), 8 do
    local record = records == '' and none or string.sub(records, at, at + 7)
    local new = records == '' and 0 or novel_bits(record, charge)
    if new ~= 0 then novel = novel + 1 end
    flights[#flights + 1] = { id = id, at = now, views = at == 1 and views or 0, charge = charge, novel = new, record = record, allowance = 0 }
  end
  see(account, warned)
  add_all(RAW_VIEWS, nil, now, views)
  local granted = maxima ~= '' and use_allowance(id, maxima, novel, charge) or 0
  save()
  return reading(id, novel, granted)
end

local function settle(id, at, views, charge, records, outcome, moreViews, rawRecords, most)
  charge = translate(charge)
  local returned = take_back(id)
  if outcome == RELEASED then
    add_all(RAW_VIEWS, nil, at, -views)
    allowance = allowance + returned
    return save()
  end
  add_all(VIEWS, charge, at, views + moreViews)
  if outcome == MISSED then add_all(MISSES, charge, at, views) end
  -- A miss keeps what it took of an allowance: else an allowance would admit guesses without end.
  if outcome == VIEW_ONLY then allowance = allowance + returned end
  if outcome ~= DISPLAYED then return save() end
  add_all(RAW_RECORDS, nil, at, rawRecords)
  for from = 1, #records, 8 do display(string.sub(records, from, from + 7), band(charge, mask_of(RECORDS)), at) end
  if #shown > most * SHOWN then shown = string.sub(shown, #shown - most * SHOWN + 1) end
  save()
end

local function grant(units, ends, most)
  local granted = #stepUps < most
  if granted then
    stepUps[#stepUps + 1] = now
    allowance, allowanceUntil = units, ends
  end
  save()
  return granted and 1 or 0
end

isKnown = load()
match_windows()
expire()
if operation == 'reserve' then
  return reserve(ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9], tonumber(ARGV[10]))
elseif operation == 'settle' then
  return settle(ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10]),
    tonumber(ARGV[11]), tonumber(ARGV[12]))
elseif operation == 'grant' then
  return grant(tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
elseif operation == 'read' then
  -- A clock that stepped back relabels what was counted as recent once, not again at each look.
  if isKnown then save() end
  return reading('', 0, 0)
end
return redis.error_reply('ERR subject.lua has no operation ' .. tostring(operation))
