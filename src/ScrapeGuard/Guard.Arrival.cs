using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;

namespace ScrapeGuard;

/// <summary>The arrival of a request: who asks, and whether one of them is blocked.</summary>
internal sealed partial class Guard
{
    /// <summary>Begins a request: who asks, and is one of them blocked already?</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The display page it asks for; null where it only counts lists.</param>
    /// <param name="isFromAnotherSite">As <see cref="UnaskedRequest.IsFromAnotherSite"/>; null where nobody has looked yet.</param>
    public ValueTask<GuardedRequest> OpenAsync(HttpContext context, IDisplayPageMetadata? page, bool? isFromAnotherSite = null)
    {
        var current = settings.Current;
        var request = requests.Get();
        request.Begin(this, context, current, page, isFromAnotherSite);
        capture.Begin(request.Subjects);
        RequestFeatures.SetGuarded(context.Features, request);
        context.Response.OnCompleted(static state => Complete(state), request);
        if (sharedBlocks is { IsRead: false })
            return OpenWhenReadAsync(request);
        CheckBlocks(request);
        return new ValueTask<GuardedRequest>(request);
    }

    private async ValueTask<GuardedRequest> OpenWhenReadAsync(GuardedRequest request)
    {
        var started = clock.Time.GetTimestamp();
        await sharedBlocks!.WhenReadAsync();
        request.Waited = clock.Time.GetElapsedTime(started);
        CheckBlocks(request);
        return request;
    }

    private void CheckBlocks(GuardedRequest request)
    {
        if (blocks.Refuses(request))
            return;

        // Where each of them is looked for is on its way from memory, in two steps, while the next is captured.
        capture.SeekSession(request.Context, request.Settings, request.Subjects);
        Seek(request, SubjectType.Account);
        Seek(request, SubjectType.Address);
        Approach(request, SubjectType.Account);
        Seek(request, SubjectType.Session);
        Approach(request, SubjectType.Address);
        capture.Complete(request.Context, request.Settings, request.Subjects);
        request.HasSession = request.Subjects.HasSession;
        Approach(request, SubjectType.Session);
    }

    /// <summary>Has what is known of the subjects brought nearer, before the record is looked for among what they were shown.</summary>
    public void Prefetch(GuardedRequest request) => counter.Prefetch(request.Subjects.Keys);

    private void Seek(GuardedRequest request, SubjectType type)
    {
        capture.Find(type, request.Context, request.Settings, request.Subjects);
        if (request.Subjects.TryName(type, 0, out var subject))
            counter.Seek(subject);
    }

    private void Approach(GuardedRequest request, SubjectType type)
    {
        if (request.Subjects.TryName(type, 0, out var subject))
            counter.Approach(subject);
    }
}
