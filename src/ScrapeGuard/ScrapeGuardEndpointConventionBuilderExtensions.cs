using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;

namespace ScrapeGuard;

/// <summary>Marks endpoints as display pages.</summary>
public static class ScrapeGuardEndpointConventionBuilderExtensions
{
    /// <summary>Marks an endpoint as a display page.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="kind">The kind of record shown. Two pages that show the same member name the same kind.</param>
    /// <param name="record">The route value that holds the record id; null where the page counts views only.</param>
    /// <param name="identity">When two spellings of an id name the same record.</param>
    /// <returns>The same endpoint.</returns>
#pragma warning disable RS0027 // The overloads differ in the type of `record`, so a call is never ambiguous.
    public static TBuilder RequireScrapeGuard<TBuilder>(this TBuilder builder, string kind, string? record = null, RecordIdentity identity = RecordIdentity.Canonical)
        where TBuilder : IEndpointConventionBuilder
#pragma warning restore RS0027
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        return builder.WithMetadata(new DisplayPage(kind, record, identity));
    }

    /// <summary>Marks an endpoint as a display page whose record id is elsewhere.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="kind">The kind of record shown. Two pages that show the same member name the same kind.</param>
    /// <param name="record">Finds the record id in the request; null for none.</param>
    /// <param name="identity">When two spellings of an id name the same record.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder RequireScrapeGuard<TBuilder>(
        this TBuilder builder, string kind, Func<HttpContext, string?> record, RecordIdentity identity)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(record);
        return builder.WithMetadata(new DisplayPage(kind, null, identity, record));
    }

    /// <summary>Marks an endpoint as a display page whose record id is elsewhere.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="kind">The kind of record shown. Two pages that show the same member name the same kind.</param>
    /// <param name="record">Finds the record id in the request; null for none.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder RequireScrapeGuard<TBuilder>(this TBuilder builder, string kind, Func<HttpContext, string?> record)
        where TBuilder : IEndpointConventionBuilder => builder.RequireScrapeGuard(kind, record, RecordIdentity.Canonical);

    /// <summary>Takes an endpoint out, whatever else marks it.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder DisableScrapeGuard<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(NoDisplayPage.Instance);
}
