using System.Text;
using System.Text.Unicode;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>The text of a target as a portal reads it.</summary>
internal static class TargetText
{
    private const int MostOnStack = 1024;

    /// <summary>The path, and the query without its question mark. A host before the path, as proxies are asked, is left away. False for what has no path.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> target, out ReadOnlySpan<byte> path, out ReadOnlySpan<byte> query)
    {
        path = WithoutHost(target);
        if (path.IndexOf((byte)'#') is >= 0 and var fragment)
            path = path[..fragment];
        var question = path.IndexOf((byte)'?');
        query = question < 0 ? default : path[(question + 1)..];
        path = question < 0 ? path : path[..question];
        return path is [(byte)'/', ..];
    }

    /// <summary>Decodes a path once. An encoded slash separates nothing, and stays as it is, as in ASP.NET Core.</summary>
    public static string DecodePath(ReadOnlySpan<byte> path) => Decode(path, isQuery: false);

    /// <summary>Decodes a part of a query once.</summary>
    public static string DecodeQuery(string text) => text.AsSpan().ContainsAny('%', '+') ? Decode(Encoding.UTF8.GetBytes(text), isQuery: true) : text;

    /// <summary>Text of any bytes: such that are no UTF-8 stay different from each other.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes) => (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);

    private static ReadOnlySpan<byte> WithoutHost(ReadOnlySpan<byte> target)
    {
        if (target is [(byte)'/', ..])
            return target;
        var scheme = target.IndexOf("://"u8);
        if (scheme <= 0 || target[..scheme].ContainsAny("/?#"u8))
            return default;
        var rest = target[(scheme + 3)..];
        var end = rest.IndexOfAny("/?#"u8);
        return end < 0 ? "/"u8 : rest[end] == '/' ? rest[end..] : "/"u8;
    }

    private static string Decode(ReadOnlySpan<byte> text, bool isQuery)
    {
        if (!text.Contains((byte)'%') && !(isQuery && text.Contains((byte)'+')))
            return ToText(text);
        var decoded = text.Length <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[text.Length];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter == '%' && HexByte.TryRead(text[(index + 1)..], out var value) && (isQuery || value != '/'))
            {
                letter = value;
                index += 2;
            }
            else if (letter == '+' && isQuery)
            {
                letter = (byte)' ';
            }

            decoded[length++] = letter;
        }

        return ToText(decoded[..length]);
    }
}
