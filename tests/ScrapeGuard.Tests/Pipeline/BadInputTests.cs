using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting;
using ScrapeGuard.Operations;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class BadInputTests
{
    public static TheoryData<string> BadCookies => new(
        "x", "", "=", "====", "\"", "%", "%00", "%F0%9F%98%80", new string('A', 53), new string('A', 54), new string('A', 55), new string('A', 10_000),
        new string('-', 54), new string('+', 54), new string('=', 54), new string('A', 52) + "==", new string('A', 54) + "==");

    [Theory]
    [MemberData(nameof(BadCookies))]
    public async Task A_cookie_that_is_not_ours_is_no_session_and_a_new_one_is_issued(string value)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var answer = await portal.GetAsync("/members/1", cookie: $"scrapeguard={value}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("scrapeguard=", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.Equal(0, Sessions(portal.Services));
    }

    [Fact]
    public async Task A_cookie_changed_in_any_place_is_no_session()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var cookie = await SessionAsync(portal);
        for (var at = "scrapeguard=".Length; at < cookie.Length; at++)
        {
            var changed = cookie.ToCharArray();
            changed[at] = changed[at] == 'x' ? 'y' : 'x';
            Assert.True((await portal.GetAsync("/free", cookie: new string(changed))).IsSuccessStatusCode);
            var answer = await portal.GetAsync("/members/1", cookie: new string(changed), user: "pharmacist");
            Assert.True(answer.Headers.Contains("Set-Cookie"), $"changed at {at}");
        }
    }

    [Fact]
    public async Task A_cookie_sealed_with_another_key_is_no_session()
    {
        await using var other = await PortalUnderTest.StartAsync(options => options.Keys["other"] = Key(2));
        await using var portal = await PortalUnderTest.StartAsync(options => options.Keys["own"] = Key(1));
        Assert.True((await portal.GetAsync("/members/1", cookie: await SessionAsync(other))).Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_cookie_sealed_by_another_node_or_with_the_key_before_is_a_session()
    {
        await using var other = await PortalUnderTest.StartAsync(options => options.Keys["old"] = Key(1));
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Keys["old"] = Key(1);
            options.Keys["new"] = Key(2, new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
        });
        Assert.False((await portal.GetAsync("/members/1", cookie: await SessionAsync(other))).Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_cookie_older_than_its_twelve_hours_is_no_session()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var cookie = await SessionAsync(portal);
        portal.Time.Advance(TimeSpan.FromHours(12));
        Assert.False((await portal.GetAsync("/members/1", cookie: cookie)).Headers.Contains("Set-Cookie"));
        portal.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await portal.GetAsync("/members/1", cookie: cookie)).Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_stolen_cookie_counts_for_the_same_session()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["session-10min"].Max = 6);
        var cookie = await SessionAsync(portal);
        var shown = 0;
        while (shown < 20 && (await portal.GetAsync($"/members/{shown + 1}", from: $"198.51.100.{shown + 1}", cookie: cookie)).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.Equal(6, shown);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
    }

    [Theory]
    [InlineData("1", "2", 2)]
    [InlineData("%F0%9F%98%80", "%F0%9F%98%81", 2)]
    [InlineData("%01", "%02", 2)]
    [InlineData("%FF", "%FE", 2)]
    [InlineData("%ED%A0%80", "%ED%A0%81", 2)]
    [InlineData("a%2Fb", "a%2Fc", 2)]
    [InlineData("%C3%A9", "e%CC%81", 2)]
    [InlineData("%41", "A", 1)]
    [InlineData("00042", "%2B42", 1)]
    [InlineData("%2042%09", "42", 1)]
    [InlineData("6F9619FF-8B86-D011-B42D-00C04FC964FF", "{6f9619ff8b86d011b42d00c04fc964ff}", 2)]
    [InlineData("6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff8b86d011b42d00c04fc964ff", 1)]
    public async Task Ids_of_any_bytes_are_counted_by_what_the_page_would_see(string first, string second, int records)
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/text/{id}", (string id) => id).RequireScrapeGuard("member", record: "id"));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/text/{first}", user: "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/text/{second}", user: "pharmacist")).StatusCode);
        Assert.Equal((2, records, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task Ids_of_any_length_are_counted_and_told_apart_at_their_end()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/text/{id}", (string id) => "x").RequireScrapeGuard("member", record: "id"));
        foreach (var end in new[] { "a", "b", "a" })
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/text/{new string('9', 10_000)}{end}", user: "pharmacist")).StatusCode);
        Assert.Equal((3, 2, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_lone_surrogate_from_a_delegate_is_counted()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/odd", () => "odd").RequireScrapeGuard("member", _ => "\ud800"));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/odd", user: "pharmacist\u0001")).StatusCode);
        Assert.Equal(1, portal.Displayed());
    }

    [Theory]
    [InlineData("/optional", 0)]
    [InlineData("/optional/1", 1)]
    [InlineData("/absent", 0)]
    public async Task An_absent_route_value_is_a_view_of_no_record(string path, int records)
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app =>
        {
            app.MapGet("/optional/{id?}", (string? id) => "x").RequireScrapeGuard("member", record: "id");
            app.MapGet("/absent", () => "x").RequireScrapeGuard("member", _ => null);
        });
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync(path, user: "pharmacist")).StatusCode);
        Assert.Equal((1, records, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("fe80::1%3", "fe80::1", true)]
    [InlineData("fe80::1%3", "fe80::2%4", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9", true)]
    public async Task An_address_is_told_by_what_identifies_its_client(string first, string second, bool isSame)
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 1);
        await portal.GetAsync("/members/1", from: first);
        var status = (await portal.GetAsync("/members/2", from: second)).StatusCode;
        Assert.Equal(isSame ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_user_without_a_claim_that_names_the_account_is_a_stranger()
    {
        await using var portal = await StartWithClaimsAsync();
        await portal.GetAsync("/members/1");
        await portal.GetWithAsync("/members/2", ("Claims", "name=Paul"));
        await portal.GetWithAsync("/members/3", ("Claims", "sub="));
        await portal.GetWithAsync("/members/4", ("Claims", "sub=,name="));
        Assert.Equal(4, portal.Address().Records);
        await portal.GetWithAsync("/members/5", ("Claims", $"sub=,{ClaimTypes.NameIdentifier}=pharmacist"));
        await portal.GetWithAsync("/members/6", ("Claims", $"{ClaimTypes.NameIdentifier}=pharmacist"));
        await portal.GetWithAsync("/members/7", ("Claims", "sub=pharmacist,sub=other"));
        Assert.Equal((4, 3), (portal.Address().Records, portal.Account("pharmacist").Records));
    }

    [Fact]
    public async Task A_claim_of_somebody_who_is_not_signed_in_is_no_account()
    {
        await using var portal = await StartWithClaimsAsync(authentication: null);
        await portal.GetWithAsync("/members/1", ("Claims", "sub=pharmacist"));
        Assert.Equal((1, 0), (portal.Address().Records, portal.Account("pharmacist").Records));
    }

    [Theory]
    [InlineData("Header:X-Session", "X-Session", "")]
    [InlineData("Cookie:sid", "Cookie", "sid=")]
    [InlineData("Claim:sid", "Claims", "sid=")]
    public async Task A_session_of_the_portals_own_is_counted_and_none_is_issued(string from, string header, string prefix)
    {
        await using var portal = await StartWithClaimsAsync(options =>
        {
            options.Session.From = from;
            options.Limits["session-10min"].Max = 1;
        });
        Assert.False((await portal.GetAsync("/members/1")).Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetWithAsync("/members/1", (header, $"{prefix}one"))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetWithAsync("/members/2", (header, $"{prefix}one"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetWithAsync("/members/2", (header, $"{prefix}{new string('é', 3000)}"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetWithAsync("/members/3", (header, prefix))).StatusCode);
    }

    [Fact]
    public async Task Over_a_unix_socket_the_page_is_served_and_session_and_account_are_counted()
    {
        var path = Path.Combine(Path.GetTempPath(), $"sg-{Guid.NewGuid():N}.sock");
        await using var app = await StartKestrelAsync(kestrel => kestrel.ListenUnixSocket(path));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectCallback = (_, cancel) => ConnectAsync(new UnixDomainSocketEndPoint(path), cancel) })
        {
            BaseAddress = new Uri("http://localhost"),
        };

        var first = await client.GetAsync("/members/1", TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        client.DefaultRequestHeaders.Add("User", "pharmacist");
        var second = await client.GetAsync("/members/2", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "member 2"), (second.StatusCode, await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/members/3", TestContext.Current.CancellationToken)).StatusCode);

        Assert.Single(app.Services.GetFakeLogCollector().GetSnapshot(), record => record is { Id.Id: 6, Level: LogLevel.Warning });
        Assert.Equal(1, Sessions(app.Services));
        Assert.Equal(1, Assert.Single(app.Services.GetRequiredService<Operator>().Subjects(5, null, "pharmacist", null).Items).Records);
        Assert.Empty(app.Services.GetRequiredService<SubjectTable>().Subjects(SubjectType.Address));
    }

    [Theory]
    [InlineData("GET /members/%00 HTTP/1.1")]
    [InlineData("GET /text/%00 HTTP/1.1")]
    [InlineData("GET /text/\0 HTTP/1.1")]
    [InlineData("GET /text/%ff HTTP/1.1")]
    [InlineData("GET /text/ÿþ HTTP/1.1")]
    [InlineData("GET /text/%ED%A0%80 HTTP/1.1")]
    [InlineData("GET /text/%zz HTTP/1.1")]
    [InlineData("GET /text/% HTTP/1.1")]
    [InlineData("GET /text/%01%02%7f HTTP/1.1")]
    [InlineData("GET //text/1 HTTP/1.1")]
    [InlineData("GET /text/../text/1 HTTP/1.1")]
    [InlineData("GET http://elsewhere/text/1 HTTP/1.1")]
    [InlineData("GET /text/1 HTTP/1.1", "Cookie: scrapeguard=ÿÿÿ")]
    [InlineData("GET /text/1 HTTP/1.1", "Cookie: scrapeguard")]
    [InlineData("GET /text/1 HTTP/1.1", "Cookie: ;;;=;scrapeguard=\u0001")]
    [InlineData("GET /text/1 HTTP/1.1", "Sec-Purpose: ")]
    [InlineData("GET /text/1 HTTP/1.1", "Accept: ÿ")]
    [InlineData("BREW /text/1 HTTP/1.1")]
    public async Task Bytes_that_no_browser_sends_never_become_a_server_error(string line, string header = "X: y")
    {
        await using var app = await StartKestrelAsync(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var port = new Uri(app.Urls.First()).Port;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Matches("^HTTP/1.1 [234]", answer);
        Assert.DoesNotContain(app.Services.GetFakeLogCollector().GetSnapshot(), record => record.Exception is not null and not BadHttpRequestException);
    }

    private static KeyOptions Key(byte seed, DateTimeOffset from = default) =>
        new() { Value = Convert.ToBase64String([.. Enumerable.Repeat(seed, 32)]), From = from };

    private static int Sessions(IServiceProvider services) => services.GetRequiredService<SubjectTable>().CountOf(SubjectType.Session);

    private static async Task<string> SessionAsync(PortalUnderTest portal) =>
        (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    /// <summary>A portal where the header <c>Claims</c> plays the signed-in user.</summary>
    private static Task<PortalUnderTest> StartWithClaimsAsync(Action<ScrapeGuardOptions>? configure = null, string? authentication = "test") =>
        PortalUnderTest.StartAsync(configure, before: app => app.Use((context, next) =>
        {
            if (context.Request.Headers["Claims"].ToString() is { Length: > 0 } claims)
            {
                var given = claims.Split(',').Select(claim => new Claim(claim.Split('=')[0], claim.Split('=')[1]));
                context.User = new ClaimsPrincipal(new ClaimsIdentity(given, authentication));
            }

            return next(context);
        }));

    private static async Task<WebApplication> StartKestrelAsync(Action<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero)));
        builder.WebHost.ConfigureKestrel(listen);
        builder.Services.AddScrapeGuard(options =>
        {
            options.Mode = ScrapeGuardMode.Enforce;
            options.Limits["account-10min"].Max = 1;
        });
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers["User"].ToString() is { Length: > 0 } user)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
            return next(context);
        });
        app.UseRouting();
        app.UseScrapeGuard();
        app.MapGet("/members/{memberId}", (string memberId) => $"member {memberId}").RequireScrapeGuard("member", record: "memberId");
        app.Map("/text/{**id}", (string id) => id).RequireScrapeGuard("text", record: "id");
        await app.StartAsync();
        return app;
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
