using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>
/// ScrapeGuard's own session cookie: a random id and the time of issue under a MAC that every node can check and no client can make. What is malformed,
/// foreign or too old is no session.
/// </summary>
internal sealed class SessionCookie(Pseudonyms pseudonyms, GuardClock clock)
{
    private const int IdLength = 16;
    private const int SealedLength = IdLength + 8;
    private const int Length = SealedLength + 16;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Browsers accept the prefix only from HTTPS, for the whole host and without a domain (RFC 6265bis, section 4.1.3.2).</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-scrapeguard" : "scrapeguard";

    /// <summary>The id in a valid cookie of the request; null for none.</summary>
    public string? Read(HttpRequest request) =>
        request.Cookies.TryGetValue(NameFor(request), out var text) ? Open(text) : null;

    public void Issue(HttpContext context)
    {
        Span<byte> cookie = stackalloc byte[Length];
        RandomNumberGenerator.Fill(cookie[..IdLength]);
        BinaryPrimitives.WriteInt64BigEndian(cookie[IdLength..], clock.Now);
        Seal(pseudonyms.Current.Cookie, cookie[..SealedLength], cookie[SealedLength..]);
        context.Response.Cookies.Append(NameFor(context.Request), Base64Url.EncodeToString(cookie), new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = Lifetime,
            IsEssential = true,
        });
    }

    internal string? Open(string text)
    {
        Span<byte> cookie = stackalloc byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, cookie, out var written)
            || written != Length)
        {
            return null;
        }

        var age = clock.Now - BinaryPrimitives.ReadInt64BigEndian(cookie[IdLength..]);
        Span<byte> expected = stackalloc byte[Length - SealedLength];
        foreach (var generation in pseudonyms.All)
        {
            Seal(generation.Cookie, cookie[..SealedLength], expected);
            if (CryptographicOperations.FixedTimeEquals(expected, cookie[SealedLength..]))
                return age <= Lifetime.TotalMilliseconds ? Convert.ToHexString(cookie[..IdLength]) : null;
        }

        return null;
    }

    private static void Seal(byte[] key, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, content, hash);
        hash[..tag.Length].CopyTo(tag);
    }
}
