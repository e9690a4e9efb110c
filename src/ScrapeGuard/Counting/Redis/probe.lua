-- Whether this server runs scripts and takes writes, and what time it is there.
--
-- KEYS[1]  a key of the probe's own; expires after a minute
-- ARGV     none
-- Returns  the time of the server in milliseconds since 1970, as text

redis.call('SET', KEYS[1], '1', 'PX', '60000')
local time = redis.call('TIME')
return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
