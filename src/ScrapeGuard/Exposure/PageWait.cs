using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ScrapeGuard.Exposure;

/// <summary>
/// Waits for the page of a request, and is used again for the next one. An async method would allocate its state at every page that awaits; so only the
/// task is left that whoever called is given.
/// </summary>
internal sealed class PageWait
{
    private readonly GuardedRequest request;
    private readonly Action resume;
    private AsyncTaskMethodBuilder builder;
    private Task? page;

    public PageWait(GuardedRequest request)
    {
        this.request = request;
        resume = Resume;
    }

    /// <summary>Ends when the page did and its view is settled; with what the page threw.</summary>
    public Task EndAsync(Task running)
    {
        (page, builder) = (running, AsyncTaskMethodBuilder.Create());
        var ended = builder.Task;
        running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(resume);
        return ended;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the task is awaited.")]
    private void Resume()
    {
        // Once the task is complete the next request may be waiting here already.
        var (ended, ran) = (builder, page!);
        (builder, page) = (default, null);
        try
        {
            PageRun.End(request, failed: !ran.IsCompletedSuccessfully);
            ran.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            ended.SetException(exception);
            return;
        }

        ended.SetResult();
    }
}
