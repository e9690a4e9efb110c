namespace ScrapeGuard.Counting;

/// <summary>How a reservation ends.</summary>
/// <param name="Outcome">What became of the view.</param>
/// <param name="MoreViews">Views to add to those reserved: a session that was issued to a stranger.</param>
/// <param name="RawRecords">Novel records of the view as its account or session saw them, for the raw count of an address.</param>
internal readonly record struct Settlement(Outcome Outcome, int MoreViews = 0, int RawRecords = 0)
{
    /// <summary>How many records of a subject are remembered.</summary>
    public int MostRecords { get; init; } = 2000;
}
