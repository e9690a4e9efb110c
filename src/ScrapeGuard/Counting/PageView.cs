namespace ScrapeGuard.Counting;

/// <summary>What is counted, and for whom.</summary>
/// <param name="Kind">The kind of the records.</param>
/// <param name="Subjects">
/// Whom the view is counted for, under the current key and, for a day after that took over, under the one before: that one's state knows the whole day
/// and is judged, while the current one's is still filling.
/// </param>
/// <param name="Records">Fingerprints of the records asked for, without repeats, under each of those keys.</param>
/// <param name="Address">The address in clear, for operators of this node.</param>
/// <param name="Views">1 for a view; 0 for a list inside a view that was counted already.</param>
internal readonly record struct PageView(string Kind, IReadOnlyList<ViewSubjects> Subjects, IReadOnlyList<ulong[]> Records, string? Address = null, int Views = 1)
{
    /// <summary>The key that is judged.</summary>
    public int Judging => Subjects.Count - 1;
}
