using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>
/// Puts any number of views in the order of their time in bounded memory: so many at a time are sorted and written to a file, and the files are merged. Those
/// of the same time keep their order. Those that come in order already make one file.
/// </summary>
/// <param name="openFile">Opens a file for views that do not fit.</param>
/// <param name="most">How many views are held in memory.</param>
internal sealed class ViewSort(Func<Stream> openFile, int most = ViewSort.MostHeld) : IDisposable
{
    private const int MostHeld = 200_000;
    private const string Problem = "The logs are not in the order of time, and there is no room to sort them";
    private const string Remedy = "Make room there, name another folder in the environment variable TMPDIR, or sort the logs first.";

    private readonly List<LoggedView> held = [];
    private readonly List<ViewRun> runs = [];
    private bool isHeldInOrder = true;
    private long latest = long.MinValue;

    /// <summary>How many views came after a later one.</summary>
    public long Late { get; private set; }

    /// <summary>Why views could not be written to a file. From then on nothing more is taken in.</summary>
    public Exception? Failure { get; private set; }

    public void Add(in LoggedView view)
    {
        if (Failure is not null)
            return;
        if (held.Count == most)
            WriteHeld();
        if (view.At < latest)
        {
            Late++;
            isHeldInOrder = false;
        }

        latest = Math.Max(latest, view.At);
        held.Add(view);
    }

    /// <summary>Gives all views in order, once.</summary>
    /// <exception cref="IOException">They could not be written to a file, or not be read from it.</exception>
    public IEnumerable<LoggedView> TakeSorted()
    {
        if (Failure is not null)
            throw new IOException($"{Problem} in {Path.GetTempPath()}: {Failure.Message.TrimEnd('.')}. {Remedy}", Failure);
        var sources = new PriorityQueue<IEnumerator<LoggedView>, (long At, int Order)>();
        foreach (var (order, views) in runs.Select(run => run.Read()).Append(InOrder()).Index())
            Enqueue(sources, views.GetEnumerator(), order);
        while (sources.TryDequeue(out var source, out var place))
        {
            yield return source.Current;
            Enqueue(sources, source, place.Order);
        }
    }

    public void Dispose()
    {
        foreach (var run in runs)
            run.Dispose();
    }

    private static void Enqueue(PriorityQueue<IEnumerator<LoggedView>, (long At, int Order)> sources, IEnumerator<LoggedView> source, int order)
    {
        if (source.MoveNext())
            sources.Enqueue(source, (source.Current.At, order));
        else
            source.Dispose();
    }

    private IEnumerable<LoggedView> InOrder() => isHeldInOrder ? held : held.OrderBy(view => view.At);

    private void WriteHeld()
    {
        try
        {
            var earliest = held.Min(view => view.At);
            if (runs.Count == 0 || runs[^1].LastAt > earliest)
                runs.Add(new ViewRun(openFile()));
            foreach (var view in InOrder())
                runs[^1].Write(view);
            runs[^1].Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failure = exception;
        }

        held.Clear();
        isHeldInOrder = true;
    }
}
