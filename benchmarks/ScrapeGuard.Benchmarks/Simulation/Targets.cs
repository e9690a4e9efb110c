namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>The records that an attacker asks for, one after the other; ids that are not below the number of records do not exist.</summary>
internal sealed class Targets(ReadingOrder order, int records, Random random)
{
    private const int Stretch = 300;

    private readonly int start = random.Next(records);
    private readonly HashSet<int> listed = [];
    private int[] stretch = [];
    private int asked;

    public int Next()
    {
        var number = asked++;
        return order switch
        {
            ReadingOrder.Sequential => (start + number) % records,
            ReadingOrder.EveryThird => (int)((start + (3L * number)) % records),
            ReadingOrder.SomeTwice => (start + number - ((number + 1) / 5)) % records,
            ReadingOrder.Shuffled => (start + InStretch(number)) % records,
            ReadingOrder.StolenList => NextOfList(),
            _ => random.Next(10 * records),
        };
    }

    private int InStretch(int number)
    {
        if (number % Stretch == 0)
        {
            stretch = [.. Enumerable.Range(number, Stretch)];
            random.Shuffle(stretch);
        }

        return stretch[number % Stretch];
    }

    private int NextOfList()
    {
        while (true)
        {
            var record = random.Next(records);
            if (listed.Add(record) || listed.Count == records)
                return record;
        }
    }
}
