namespace ScrapeGuard.Counting;

/// <summary>
/// Whom a view is counted for under the current key and, for a day after that took over, under the one before: that one's state knows the whole day and is
/// judged, while the current one's is still filling.
/// </summary>
internal interface IViewedBy
{
    /// <summary>Under how many keys the view is counted.</summary>
    int Keys { get; }

    /// <summary>The subjects under a key, the current one first.</summary>
    ref readonly ViewSubjects this[int key] { get; }

    /// <summary>The address in clear, for operators of this node; without a prefix where there is none.</summary>
    ref readonly AddressInClear Address { get; }

    /// <summary>The fingerprint of a record under a key.</summary>
    ulong Record(int key, string kind, ReadOnlySpan<char> id);
}
