namespace ScrapeGuard.Counting;

/// <summary>
/// The growing end of the numbers of each kind: those higher than all that were displayed until the last half hour began. Records that are made are opened in
/// sequence by those who make them. On a site that has just started all of them are. Whoever calls keeps others out.
/// </summary>
internal sealed class GrowingNumbers
{
    private const long HalfHour = 30L * 60 * 1000;
    private const int MostKinds = 1000;

    private readonly Dictionary<uint, (long Before, long Now, int HalfHours)> highest = [];

    /// <summary>Whether a number lies there; one that another node tells of has been looked at there.</summary>
    public bool Holds(in TriedNumber number) => number.Number > (highest.TryGetValue(number.Kind, out var known) ? known.Before : -1);

    /// <summary>Notes that a number was displayed.</summary>
    public void Raise(in TriedNumber number, long now)
    {
        if (number.Number < 0 || (!highest.TryGetValue(number.Kind, out var known) && highest.Count >= MostKinds))
            return;
        var half = (int)(now / HalfHour);
        if (known.HalfHours != half)
            known = (known.Now, known.Now, half);
        highest[number.Kind] = (known.Before, Math.Max(known.Now, number.Number), half);
    }
}
