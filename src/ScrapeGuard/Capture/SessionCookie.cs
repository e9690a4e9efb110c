using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>
/// ScrapeGuard's own session cookie: a random id and the time of issue under a MAC that every node can check and no client can make. What is malformed,
/// foreign or too old is no session.
/// </summary>
internal sealed class SessionCookie(Pseudonyms pseudonyms, GuardClock clock)
{
    /// <summary>How many bytes the id of a session has.</summary>
    public const int IdLength = 16;

    /// <summary>And how many the whole cookie has.</summary>
    public const int Length = SealedLength + 16;

    private const int SealedLength = IdLength + 8;

    /// <summary>After so many all are of other parts once in four thousand times.</summary>
    private const int MostDraws = 128;

    private readonly SealedCookies good = new();

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private static readonly long LifetimeMilliseconds = (long)Lifetime.TotalMilliseconds;

    /// <summary>Browsers accept the prefix only from HTTPS, for the whole host and without a domain (RFC 6265bis, section 4.1.3.2).</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-scrapeguard" : "scrapeguard";

    /// <summary>
    /// Reads the cookie of a request, and has what is remembered of it brought nearer. Whether it is valid <see cref="IsValid"/> tells.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cookie">Where to, <see cref="Length"/> bytes: the id first.</param>
    /// <returns>What the cookie is remembered by; 0 where there is none, or one of another form.</returns>
    public ulong Read(HttpRequest request, Span<byte> cookie)
    {
        var headers = request.Headers.Cookie;
        for (var index = 0; index < headers.Count; index++)
        {
            var text = CookieHeader.Find(headers[index], NameFor(request));
            if (text.IsEmpty)
                continue;
            if (text.Length != Base64Url.GetEncodedLength(Length)
                || Base64Url.DecodeFromChars(text, cookie, out _, out var written) != OperationStatus.Done || written != Length)
                return 0;
            return good.Seek(cookie);
        }

        return 0;
    }

    /// <summary>Whether some node sealed a cookie, not too long ago.</summary>
    /// <param name="cookie">The cookie, as <see cref="Read"/> wrote it.</param>
    /// <param name="hash">What the same <see cref="Read"/> returned.</param>
    public bool IsValid(ReadOnlySpan<byte> cookie, ulong hash) =>
        clock.Now - BinaryPrimitives.ReadInt64BigEndian(cookie[IdLength..]) <= LifetimeMilliseconds && IsSealed(cookie, hash);

    /// <param name="context">Whose response sets the cookie.</param>
    /// <param name="account">Whom the session is to be exchanged at once with; null for nobody.</param>
    public void Issue(HttpContext context, SubjectKey? account = null)
    {
        Span<byte> cookie = stackalloc byte[Length];
        Draw(cookie[..IdLength], account);
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

    /// <summary>
    /// Draws an id whose subject is of the same part as an account, most often: a view by both then waits for one server of a cluster. One id in sixteen is,
    /// so that 124 of its 128 bits stay random. Any session counts anywhere.
    /// </summary>
    private void Draw(Span<byte> id, SubjectKey? account)
    {
        var key = pseudonyms.Current;
        RandomNumberGenerator.Fill(id);
        for (var draw = 1; draw < MostDraws && account is { } beside && key.Subject(SubjectType.Session, id).Part != beside.Part; draw++)
            RandomNumberGenerator.Fill(id);
    }

    private bool IsSealed(ReadOnlySpan<byte> cookie, ulong hash)
    {
        if (good.Contains(hash))
            return true;
        Span<byte> expected = stackalloc byte[Length - SealedLength];
        foreach (var generation in pseudonyms.All)
        {
            Seal(generation.Cookie, cookie[..SealedLength], expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, cookie[SealedLength..]))
                continue;
            good.Add(hash);
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
