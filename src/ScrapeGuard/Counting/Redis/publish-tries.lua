-- Tells the other nodes which numbers were tried.
--
-- KEYS[1]  the channel, by whose hash tag the script finds its server; nothing is stored under it
-- ARGV[1]  PUBLISH, or SPUBLISH where messages stay on their shard
-- ARGV[2]  the message
-- Returns  how many nodes on this server heard it

return redis.call(ARGV[1], KEYS[1], ARGV[2])
