using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>What a portal in this process consists of.</summary>
internal sealed record PortalPlan
{
    /// <summary>Of ScrapeGuard; null without it.</summary>
    public GuardSettings? Guard { get; init; }

    public bool IsDisplayPage { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Further services.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Further middleware, after routing.</summary>
    public Action<WebApplication>? Middleware { get; init; }
}
