namespace ScrapeGuard.Counting;

/// <summary>
/// The growing end of the numbers of each kind: the next thousand above all that were displayed until the last half hour began. Records that are made are
/// opened in sequence by those who make them; what is read further above, or before anything is known, is no new record. Whoever calls keeps others out.
/// </summary>
internal sealed class GrowingNumbers
{
    private const long HalfHour = 30L * 60 * 1000;
    private const int MostKinds = 1000;

    /// <summary>More records than a site makes in half an hour.</summary>
    private const long MostMade = 1024;

    private readonly Dictionary<uint, (long Before, long Now, int HalfHours)> highest = [];

    /// <summary>Whether a number lies there; one that another node tells of has been looked at there.</summary>
    public bool Holds(in TriedNumber number) =>
        highest.TryGetValue(number.Kind, out var known) && number.Number > known.Before && number.Number <= known.Before + MostMade;

    /// <summary>Notes that a number was displayed.</summary>
    public void Raise(in TriedNumber number, long now)
    {
        var half = (int)(now / HalfHour);
        if (!highest.TryGetValue(number.Kind, out var known))
        {
            // The first that is known of a kind.
            if (number.Number >= 0 && highest.Count < MostKinds)
                highest[number.Kind] = (number.Number, number.Number, half);
            return;
        }

        if (known.HalfHours != half)
            known = (known.Now, known.Now, half);
        highest[number.Kind] = (known.Before, Math.Max(known.Now, number.Number), half);
    }
}
