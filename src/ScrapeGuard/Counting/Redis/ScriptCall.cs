using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>What a script is given.</summary>
internal readonly record struct ScriptCall(RedisKey[] Keys, RedisValue[] Arguments);
