namespace ScrapeGuard.Counting.Log;

/// <summary>The charges of a log, each kept once and known by its number.</summary>
internal sealed class SnapshotCharges
{
    private readonly List<Kept> charges = [];

    public LogCharge this[int number] => new(charges[number].Form, charges[number].Kind, charges[number].Labels);

    public int NumberOf(LogCharge charge)
    {
        for (var number = 0; number < charges.Count; number++)
        {
            var kept = charges[number];
            if (kept.Form == charge.Form && kept.Kind == charge.Kind && charge.Labels.SequenceEqual(kept.Labels))
                return number;
        }

        charges.Add(new Kept(charge.Form, charge.Kind, charge.Labels.ToArray()));
        return charges.Count - 1;
    }

    private readonly record struct Kept(ChargeForm Form, uint Kind, byte[] Labels);
}
