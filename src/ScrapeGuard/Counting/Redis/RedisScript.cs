using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// A script that Redis is asked for by its hash. With its text the client would look that hash up by the whole text each time, and take half as much memory
/// again.
/// </summary>
internal sealed class RedisScript(string name)
{
    private readonly byte[] hash = HashOf(EmbeddedScript.Read(name));

    public string Text { get; } = EmbeddedScript.Read(name);

    public Task<RedisResult> RunAsync(IDatabase database, in ScriptCall call) =>
        database.ScriptEvaluateAsync(hash, call.Keys, call.Arguments, RedisLink.WriteOnce);

    /// <summary>For a server that has not seen the script yet, or forgot it.</summary>
    public Task<RedisResult> RunTextAsync(IDatabase database, in ScriptCall call) =>
        database.ScriptEvaluateAsync(Text, call.Keys, call.Arguments, RedisLink.WriteOnce);

    /// <summary>Whether a command was refused because its server does not have the script: then nothing was done.</summary>
    public static bool IsMissing(Task<RedisResult> asked) =>
        asked.IsFaulted && asked.Exception.InnerException is RedisServerException { Message: { } why } && why.StartsWith("NOSCRIPT", StringComparison.Ordinal);

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "It is how Redis names scripts; nothing is kept safe by it.")]
    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
