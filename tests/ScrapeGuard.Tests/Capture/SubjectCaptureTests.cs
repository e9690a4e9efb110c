using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class SubjectCaptureTests
{
    [Fact]
    public void A_cookie_that_was_just_found_good_is_remembered()
    {
        var cookies = new SealedCookies();
        var cookie = new byte[40];
        var forgotten = 0;
        for (var number = 0; number < 100_000; number++)
        {
            RandomNumberGenerator.Fill(cookie);
            var hash = cookies.Seek(cookie);
            cookies.Add(hash);
            forgotten += cookies.Contains(hash) ? 0 : 1;
        }

        Assert.Equal(0, forgotten);
    }

    [Fact]
    public void A_view_that_comes_as_a_key_takes_over_is_counted_under_keys_it_has()
    {
        var time = new Steps(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        var keys = new Dictionary<string, KeyOptions>
        {
            ["old"] = new() { Value = Convert.ToBase64String(new byte[32]), From = time.At.AddDays(-30) },
            ["new"] = new() { Value = Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)]), From = time.At },
        };
        var pseudonyms = new Pseudonyms(keys, time);
        var captured = new CapturedSubjects();
        var capture = new SubjectCapture(pseudonyms, new SessionCookie(pseudonyms, new GuardClock(TimeProvider.System)), NullLogger<SubjectCapture>.Instance);
        time.Asked = 0;
        capture.Begin(captured);
        Assert.True(captured.Counted <= captured.Generations.Length, $"{captured.Counted} counted, {captured.Generations.Length} keys.");
    }

    [Fact]
    public void Who_is_captured_next_has_no_session_of_the_one_before()
    {
        var time = new Steps(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        var pseudonyms = new Pseudonyms(new Dictionary<string, KeyOptions> { ["only"] = new() { Value = Convert.ToBase64String(new byte[32]) } }, time);
        var cookies = new SessionCookie(pseudonyms, new GuardClock(TimeProvider.System));
        var issuing = new DefaultHttpContext();
        cookies.Issue(issuing);
        var good = issuing.Response.Headers.SetCookie.ToString().Split(';')[0];
        var captured = new CapturedSubjects();
        Assert.True(HasSession(good), "valid");
        Assert.False(HasSession(""), "none");
        Assert.True(HasSession(good), "valid, and remembered");
        Assert.False(HasSession(good[..^1]), "too short");
        Assert.False(HasSession(good[..^2] + (good[^2] == 'A' ? 'B' : 'A') + good[^1]), "of another seal");

        bool HasSession(string cookie)
        {
            var asking = new DefaultHttpContext();
            asking.Request.Headers.Cookie = cookie;
            captured.Begin(pseudonyms.Past, 1);
            captured.SeekSession(cookies, asking.Request);
            captured.TakeSession(cookies, asking.Request);
            return captured.HasSession;
        }
    }

    [Fact]
    public void An_identity_that_tells_case_apart_is_asked_as_it_wants()
    {
        var identity = new Strict([new("Sub", "chosen by somebody else"), new("sub", "alice")]);
        var principal = new System.Security.Claims.ClaimsPrincipal(identity);
        Assert.Equal("alice", principal.FindFirst("sub")!.Value);
        Assert.Equal("alice", SubjectCapture.AccountOf(principal, "sub"));
    }

    // As CaseSensitiveClaimsIdentity of Microsoft.IdentityModel, which JwtBearer hands out.
    private sealed class Strict(System.Security.Claims.Claim[] claims) : System.Security.Claims.ClaimsIdentity(claims, "test")
    {
        public override System.Security.Claims.Claim? FindFirst(string type) => Claims.FirstOrDefault(claim => claim.Type == type);
    }

    private sealed class Steps(DateTimeOffset at) : TimeProvider
    {
        public DateTimeOffset At => at;
        public int Asked { get; set; }

        // The key takes over between the first look at the clock and the second.
        public override DateTimeOffset GetUtcNow() => at.AddTicks(Asked++ == 0 ? -1 : 1);
    }
}
