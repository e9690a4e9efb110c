using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// What it takes to refuse a request that is blocked already, without its answer: who asks, and which block holds. The measure is one look-up in a
/// dictionary and the check of the session's cookie.
/// </summary>
[MemoryDiagnoser]
public class BlockedBenchmarks
{
    private const int Operations = 16_384;

    private readonly DefaultHttpContext context = new();
    private readonly HttpConnectionFeature connection = new();
    private readonly HttpAuthenticationFeature authentication = new();
    private readonly ConcurrentDictionary<string, object> subjects = new();
    private readonly byte[] session = new byte[SessionCookie.Length];

    private PortalNode node = null!;
    private SessionCookie cookie = null!;
    private BlockCheck check = null!;
    private SubjectCapture capture = null!;
    private Guard guard = null!;
    private GuardedRequest request = null!;
    private Client[] clients = null!;
    private int next;

    /// <summary>How many are blocked, who come in random order.</summary>
    [Params(1, 1_000, 20_000)]
    public int Clients { get; set; }

    /// <summary>Which subject of theirs is blocked.</summary>
    [Params(SubjectType.Account, SubjectType.Address)]
    public SubjectType Blocked { get; set; }

    /// <summary>Blocks all clients on a node.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        node = PortalNode.StartAsync(new PortalPlan { Guard = GuardSettings.Shipped() }).GetAwaiter().GetResult();
        (cookie, check, capture, guard) = (node.Of<SessionCookie>(), node.Of<BlockCheck>(), node.Of<SubjectCapture>(), node.Of<Guard>());
        context.Features.Set<IHttpConnectionFeature>(connection);
        context.Features.Set<IHttpAuthenticationFeature>(authentication);
        request = new GuardedRequest();
        var all = Enumerable.Range(0, Clients).Select(Client.Of).ToArray();
        foreach (var client in all)
        {
            client.Visit(context, cookie);
            subjects[client.Text] = new object();
            Block(client);
        }

        clients = [.. Draws.Of(Clients).Select(client => all[client] with { Text = new string(all[client].Text) })];
    }

    /// <summary>Stops the node.</summary>
    [GlobalCleanup]
    public void CleanUp() => node.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The measure: the session's cookie is checked, and one subject found in a dictionary.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void SessionCheckAndOneLookUp()
    {
        for (var operation = 0; operation < Operations; operation++)
        {
            var client = Arrive();
            if (cookie.Read(context.Request, session) is not (> 0 and var hash) || !cookie.IsValid(session, hash) || !subjects.ContainsKey(client.Text))
                throw new InvalidOperationException("A client is not known, so this measures something else.");
        }
    }

    /// <summary>ScrapeGuard's: whoever asks is found to be blocked.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void BlockedDecision()
    {
        for (var operation = 0; operation < Operations; operation++)
        {
            Arrive();
            Begin();
            if (!check.Refuses(request))
                throw new InvalidOperationException("A client is not blocked, so this measures something else.");
        }
    }

    private Client Arrive()
    {
        var client = clients[Draws.Index(next++)];
        connection.RemoteIpAddress = client.Address;
        authentication.User = client.User;
        context.Request.Headers.Cookie = client.Cookies;
        client.Arrive();
        return client;
    }

    private void Begin()
    {
        request.Begin(guard, context, guard.Settings, null);
        capture.Begin(request.Subjects);
    }

    private void Block(Client client)
    {
        context.Request.Headers.Cookie = client.Cookies;
        (connection.RemoteIpAddress, authentication.User) = (client.Address, client.User);
        Begin();
        capture.Find(Blocked, context, guard.Settings, request.Subjects);
        request.Subjects.TryName(Blocked, 0, out var subject);
        var now = guard.Clock.Now;
        node.Of<BlockList>().Apply(new Block
        {
            Id = subject.Token,
            Subject = Blocked,
            Hash = Enforcement.Block.HashOf(subject),
            Value = subject.Token,
            Cause = "operator",
            Reach = BlockReach.Everyone,
            Mode = ScrapeGuardMode.Enforce,
            Since = now,
            Until = now + (long)TimeSpan.FromDays(1).TotalMilliseconds,
            Version = 1,
        });
    }

    private sealed record Client(IPAddress Address, ClaimsPrincipal User, string Text)
    {
        public string Cookies { get; private set; } = "";

        public static Client Of(int number)
        {
            var account = string.Create(CultureInfo.InvariantCulture, $"pharmacist{number}");
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", account)], "benchmark"));
            return new(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), user, $"u:{account}");
        }

        /// <summary>Reads what a server and its authentication have only just written, so that it is as warm as then.</summary>
        public int Arrive() =>
            Cookies[^1] + Address.GetHashCode() + (User.Identity is ClaimsIdentity { Claims: List<Claim> claims } ? claims[0].Value[^1] : 0);

        /// <summary>Takes a session, as a first visit gives one.</summary>
        public void Visit(HttpContext context, SessionCookie cookie)
        {
            context.Response.Headers.Clear();
            cookie.Issue(context);
            Cookies = $"theme=dark; {context.Response.Headers.SetCookie.ToString().Split(';')[0]}";
        }
    }
}
