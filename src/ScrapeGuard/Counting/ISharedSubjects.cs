namespace ScrapeGuard.Counting;

/// <summary>How the counts of this node become everybody's, and everybody's this node's. Never throws.</summary>
internal interface ISharedSubjects
{
    /// <summary>Whether a view waits for the other nodes before it is judged.</summary>
    bool IsAwaited { get; }

    /// <summary>Sends at once what should not wait for the next flush; costs nothing where there is no such news.</summary>
    void Hurry();

    /// <summary>Tells the other nodes of a view's subjects and learns what they know; ends no later than the patience.</summary>
    ValueTask ExchangeAsync(CountedView view, TimeSpan patience);

    /// <summary>The same for single subjects; false where it could not be had in time.</summary>
    ValueTask<bool> ExchangeAsync(IReadOnlyList<SubjectKey> subjects, TimeSpan patience);
}
