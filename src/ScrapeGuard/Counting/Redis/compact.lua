-- Puts a snapshot in the place of a log that nobody has appended to since it was read.
--
-- KEYS[1]  the log
-- ARGV[1]  its length in bytes
-- ARGV[2]  its last 8 bytes
-- ARGV[3]  the snapshot
-- ARGV[4]  the time to live in milliseconds, at least
-- Returns  1, or 0 where the log is another by now

if redis.call('STRLEN', KEYS[1]) ~= tonumber(ARGV[1]) or redis.call('GETRANGE', KEYS[1], -8, -1) ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'PX', math.max(tonumber(ARGV[4]), redis.call('PTTL', KEYS[1])))
return 1
