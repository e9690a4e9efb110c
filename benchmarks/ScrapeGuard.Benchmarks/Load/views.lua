-- wrk script: views of several clients in turn, each with its own address, account and cookies.
-- Arguments: file of clients (address, account and cookies, parted by tabs), number of the first record, records there are (0: no end), share of
-- views of a record that the client has not seen before.
-- Writes at the end one line: RESULT requests microseconds p50 p99 (microseconds) refused (status above 399) failed (no answer).

local clients, views = {}, {}
local first, records, novel
local turn = 0
local threads = 0

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

function init(args)
  first, records, novel = tonumber(args[2]) + thread * 100, tonumber(args[3]), tonumber(args[4])
  for line in io.lines(args[1]) do
    local address, account, cookies = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
    local head = " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: " .. address .. "\r\n"
    if account ~= "" then head = head .. "X-Account: " .. account .. "\r\n" end
    if cookies ~= "" then head = head .. "Cookie: " .. cookies .. "\r\n" end
    clients[#clients + 1] = head .. "\r\n"
    views[#views + 1] = 0
  end
end

function request()
  turn = turn % #clients + 1
  local number = first + turn * 7919 + math.floor(views[turn] * novel)
  views[turn] = views[turn] + 1
  if records > 0 then number = number % records end
  return "GET /members/" .. (number + 1) .. clients[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
