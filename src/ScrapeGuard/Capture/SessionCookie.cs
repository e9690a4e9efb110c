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

    /// <summary>How many characters the id of a session has.</summary>
    public const int IdCharacters = 2 * IdLength;

    private const int Remembered = 16_384;

    private readonly SipHash remembering = new(RandomNumberGenerator.GetBytes(16));
    private readonly ulong[] remembered = new ulong[Remembered];

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Browsers accept the prefix only from HTTPS, for the whole host and without a domain (RFC 6265bis, section 4.1.3.2).</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-scrapeguard" : "scrapeguard";

    /// <summary>The id in a valid cookie of the request, in hexadecimal; 0 characters for none.</summary>
    public int Read(HttpRequest request, Span<char> id)
    {
        var headers = request.Headers.Cookie;
        for (var index = 0; index < headers.Count; index++)
        {
            var text = CookieHeader.Find(headers[index], NameFor(request));
            if (!text.IsEmpty)
                return Open(text, id);
        }

        return 0;
    }

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

    /// <summary>Writes the id in a cookie and returns its length; 0 for one that no node has sealed, or that is too old.</summary>
    internal int Open(ReadOnlySpan<char> text, Span<char> id)
    {
        Span<byte> cookie = stackalloc byte[Length];
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, cookie, out var written) || written != Length)
            return 0;
        var age = clock.Now - BinaryPrimitives.ReadInt64BigEndian(cookie[IdLength..]);
        if (age > Lifetime.TotalMilliseconds || !IsSealed(text, cookie))
            return 0;
        return Convert.TryToHexString(cookie[..IdLength], id, out var length) ? length : 0;
    }

    /// <summary>
    /// Whether some node sealed the cookie. What was found to be sealed once is remembered by a hash that nobody outside can aim at, as checking the seal
    /// costs more than all the rest of a view.
    /// </summary>
    private bool IsSealed(ReadOnlySpan<char> text, ReadOnlySpan<byte> cookie)
    {
        var hash = remembering.Hash64(text) | 1;
        ref var place = ref remembered[(int)(hash >> 40) % remembered.Length];
        if (Volatile.Read(ref place) == hash)
            return true;
        Span<byte> expected = stackalloc byte[Length - SealedLength];
        foreach (var generation in pseudonyms.All)
        {
            Seal(generation.Cookie, cookie[..SealedLength], expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, cookie[SealedLength..]))
                continue;
            Volatile.Write(ref place, hash);
            return true;
        }

        return false;
    }

    private static void Seal(byte[] key, ReadOnlySpan<byte> content, Span<byte> tag)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, content, hash);
        hash[..tag.Length].CopyTo(tag);
    }
}
