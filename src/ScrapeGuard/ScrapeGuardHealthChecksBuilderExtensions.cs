using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;

namespace ScrapeGuard;

/// <summary>Adds ScrapeGuard to a portal's health checks.</summary>
public static class ScrapeGuardHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports Degraded while Redis is configured and does not answer, or is shared with a node that has none of this node's keys: requests go on, but nodes do
    /// not share their counts.
    /// </summary>
    /// <param name="builder">The portal's health checks.</param>
    /// <param name="name">The name of the check. Default: <c>scrapeguard</c>.</param>
    /// <returns>The same health checks.</returns>
    public static IHealthChecksBuilder AddScrapeGuard(this IHealthChecksBuilder builder, string name = "scrapeguard")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new GuardHealthCheck(
                provider.GetRequiredService<SettingsSource>(), provider.GetRequiredService<BlockList>(), provider.GetRequiredService<Sharing>().State),
            HealthStatus.Degraded,
            tags: null));
    }
}
