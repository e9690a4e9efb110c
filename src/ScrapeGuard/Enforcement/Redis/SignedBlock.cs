using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ScrapeGuard.Capture;

namespace ScrapeGuard.Enforcement.Redis;

/// <summary>
/// A block as it travels: <c>1 VERSION ID KEY MAC JSON</c>. The MAC (HMAC-SHA256, RFC 2104) covers all of the rest, so that who can write into Redis, but has
/// no key, can neither make a block nor lift one.
/// </summary>
internal static class SignedBlock
{
    private const int MostLength = 16_384;

    public static string Write(Block block, Pseudonyms.Generation key, string scope)
    {
        var json = JsonSerializer.Serialize(block, BlockJson.Default.Block);
        var head = Head(block, key.Name);
        return $"{head} {Base64Url.EncodeToString(Mac(key, scope, head, json))} {json}";
    }

    /// <summary>The block in an entry; null where no key signed it.</summary>
    public static Block? Read(string? entry, IReadOnlyList<Pseudonyms.Generation> keys, string scope)
    {
        if (entry is null || entry.Length > MostLength || entry.Split(' ', 6) is not ["1", _, _, var name, var mac, var json])
            return null;
        var head = entry[..(entry.Length - json.Length - mac.Length - 2)];
        foreach (var key in keys)
        {
            if (key.Name == name && IsMac(mac, Mac(key, scope, head, json)))
                return Parse(json);
        }

        return null;
    }

    private static string Head(Block block, string key) => string.Create(CultureInfo.InvariantCulture, $"1 {block.Version} {block.Id} {key}");

    /// <summary>The scope is the key prefix: portals that share keys do not take each other's entries.</summary>
    private static byte[] Mac(Pseudonyms.Generation key, string scope, string head, string json) =>
        HMACSHA256.HashData(key.Block, Encoding.UTF8.GetBytes($"{scope}\n{head} {json}"));

    private static bool IsMac(string text, byte[] expected)
    {
        var given = new byte[expected.Length];
        return text.Length == Base64Url.GetEncodedLength(expected.Length) && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, given, out var written) && written == expected.Length
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    private static Block? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BlockJson.Default.Block);
        }
        catch (JsonException)
        {
            // Signed by a node of another version, which writes what this one does not know.
            return null;
        }
    }
}
