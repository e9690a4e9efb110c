namespace ScrapeGuard.Counting;

/// <summary>
/// Whom a view is counted for under the current key and, for a day after that took over, under the one before: that one's state knows the whole day and is
/// judged, while the current one's is still filling.
/// </summary>
/// <param name="Current">The subjects under the current key.</param>
/// <param name="Before">The subjects under the key before.</param>
/// <param name="Keys">Under how many keys the view is counted.</param>
/// <param name="Address">The address in clear, for operators of this node.</param>
internal readonly record struct ViewedBy(ViewSubjects Current, ViewSubjects Before, int Keys, AddressInClear Address)
{
    /// <summary>Whether somebody signed in makes the view, exempt or not: such a view is no stranger's.</summary>
    public bool IsSignedIn => Current.IsSignedIn;

    public ViewSubjects Of(int key) => key == 0 ? Current : Before;
}
