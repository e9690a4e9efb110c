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
        };
        return Task.FromResult(shared is null or { IsAvailable: true }
            ? HealthCheckResult.Healthy("Counting.", data)
            : new HealthCheckResult(
                context.Registration.FailureStatus,
                "Redis does not answer: this node counts and blocks by itself. Check ScrapeGuard:Redis:Configuration and the server.",
                data: data));
    }
}
