using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace ScrapeGuard.Capture;

/// <summary>What the metadata of an endpoint says of it as a display page; read once, since every request asks.</summary>
internal sealed class EndpointPage
{
    private static readonly ConditionalWeakTable<Endpoint, EndpointPage> Known = [];
    private static readonly EndpointPage Nowhere = new(null);

    private int reviewed;

    private EndpointPage(EndpointMetadataCollection? metadata)
    {
        Page = metadata?.GetMetadata<IDisplayPageMetadata>();
        IsExcluded = metadata?.GetMetadata<NoDisplayPage>() is not null;
        IsAction = metadata?.GetMetadata<ActionDescriptor>() is not null;
    }

    /// <summary>The display page that the endpoint is declared to be; null for none.</summary>
    public IDisplayPageMetadata? Page { get; }

    /// <summary>Whether the endpoint is declared to be no display page, whatever the configuration says.</summary>
    public bool IsExcluded { get; }

    /// <summary>Whether it is an action or a Razor Page: what these bind is known only later, to their filter.</summary>
    public bool IsAction { get; }

    /// <summary>Of an endpoint, or of a request for which routing found none.</summary>
    public static EndpointPage Of(Endpoint? endpoint) => endpoint is null ? Nowhere : Known.TryGetValue(endpoint, out var known) ? known : Add(endpoint);

    /// <summary>Whether nobody has looked the page over yet; from now on somebody has.</summary>
    public bool BeginReview() => Volatile.Read(ref reviewed) == 0 && Interlocked.Exchange(ref reviewed, 1) == 0;

    private static EndpointPage Add(Endpoint endpoint)
    {
        Known.TryAdd(endpoint, new EndpointPage(endpoint.Metadata));
        return Known.TryGetValue(endpoint, out var known) ? known : new EndpointPage(endpoint.Metadata);
    }
}
