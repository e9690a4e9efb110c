-- What Redis does when its memory is full.
--
-- KEYS     none
-- ARGV     none
-- Returns  the maxmemory-policy, such as noeviction; false where this server does not tell

return string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:([%w%-]+)') or false
