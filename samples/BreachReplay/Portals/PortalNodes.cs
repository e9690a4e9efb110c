using System.Security.Cryptography;
using MemberPortal;
using Microsoft.AspNetCore.Builder;

namespace BreachReplay.Portals;

/// <summary>The portals of this run, each on a loopback port of its own, with one database and, if so asked, one Redis.</summary>
internal sealed class PortalNodes : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("breach-replay-");
    private readonly List<WebApplication> _portals = [];

    /// <summary>Where they listen.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <exception cref="ReplayException">A portal does not start.</exception>
    public static async Task<PortalNodes> StartAsync(ReplayOptions options, CancellationToken stop)
    {
        var nodes = new PortalNodes();
        try
        {
            await nodes.StartPortalsAsync(options, stop);
            return nodes;
        }
        catch (Exception error)
        {
            await nodes.DisposeAsync();
            if (error is OperationCanceledException) throw;
            throw new ReplayException($"The portal does not start: {error.Message}", error);
        }
    }

    /// <summary>A client that comes from this address, with an empty cookie jar, and takes the nodes in turn.</summary>
    public PortalClient Connect(string address) => new(Addresses, address);

    /// <summary>The same, for one node only.</summary>
    public PortalClient ConnectTo(int node, string address) => new([Addresses[node]], address);

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in _portals) await portal.DisposeAsync();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // The operating system clears its temporary folder by itself.
        }
    }

    private async Task StartPortalsAsync(ReplayOptions options, CancellationToken stop)
    {
        var arguments = Arguments(options);
        for (var i = 0; i < options.Nodes; i++)
        {
            var portal = Portal.Create(arguments);
            _portals.Add(portal);
            await portal.StartAsync(stop);
        }

        Addresses = [.. _portals.Select(portal => new Uri(portal.Urls.First()))];
    }

    private string[] Arguments(ReplayOptions options)
    {
        List<string> arguments =
        [
            "--environment=Development",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning",
            // The keys of this run live as long as its folder.
            "--Logging:LogLevel:Microsoft.AspNetCore.DataProtection=Error",
            // Standard output is for the table, or the JSON.
            "--Logging:Console:LogToStandardErrorThreshold=Trace",
            $"--Portal:Database={Path.Combine(_folder.FullName, "members.db")}",
            "--Portal:RequireLogin=true",
            "--ScrapeGuard:Mode=Enforce",
            $"--ScrapeGuard:Keys:replay:Value={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
        ];
        if (options.Redis is null) return [.. arguments];
        arguments.Add($"--ScrapeGuard:Redis:Configuration={options.Redis}");
        arguments.Add($"--ScrapeGuard:Redis:KeyPrefix=replay-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        return [.. arguments];
    }
}
