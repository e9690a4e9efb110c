using Microsoft.Extensions.Diagnostics.HealthChecks;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard.Operations;

/// <summary>Whether counts are shared as configured, and how many blocks hold.</summary>
internal sealed class GuardHealthCheck(SettingsSource settings, BlockList blocks, ISharedState? shared = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>
        {
            ["mode"] = settings.Current.Options.Mode.ToString(),
            ["activeBlocks"] = blocks.Active().Count,
            ["redis"] = shared?.State ?? "none",
            ["silentNodes"] = shared?.SilentNodes ?? 0,
            ["nodesWithOtherKeys"] = shared?.NodesApart ?? 0,
        };
        return Task.FromResult(FindProblem() is { } problem
            ? new HealthCheckResult(context.Registration.FailureStatus, problem, data: data)
            : HealthCheckResult.Healthy("Counting.", data));
    }

    private string? FindProblem() => shared switch
    {
        { IsAvailable: false } => "Redis does not answer: this node counts and blocks by itself. Check ScrapeGuard:Redis:Configuration and the server.",
        { NodesApart: > 0 } => "Another node shares this Redis and has none of this node's keys: neither takes part in the counts of the other or obeys its blocks. "
            + "Give every node the same ScrapeGuard:Keys, or each portal a ScrapeGuard:Redis:KeyPrefix of its own.",
        _ => null,
    };
}
