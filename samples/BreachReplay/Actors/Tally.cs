using BreachReplay.Portals;

namespace BreachReplay.Actors;

/// <summary>What one account was shown and refused at one address, as its own browser saw it.</summary>
internal sealed class Tally(string address, string account)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _records = [];

    public string Address => address;

    public string Account => account;

    public int Refused { get; private set; }

    /// <summary>What the first failed request got instead of an answer.</summary>
    public string? Failure { get; private set; }

    public int Failures { get; private set; }

    public Answer? Last { get; private set; }

    public TimeSpan? FirstRefused { get; private set; }

    public TimeSpan? LastShown { get; private set; }

    /// <summary>How many distinct records were shown.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _records.Count;
        }
    }

    public IReadOnlyList<int> Records()
    {
        lock (_lock) return [.. _records];
    }

    public void Add(PortalAnswer answer, TimeSpan now)
    {
        lock (_lock)
        {
            Last = answer.Answer;
            _records.UnionWith(answer.Records);
            if (answer.Answer == Answer.Shown) LastShown = now;
            if (answer.IsRefused)
            {
                Refused++;
                FirstRefused ??= now;
            }

            if (answer.Answer != Answer.Failed) return;
            Failures++;
            Failure ??= answer.Failure;
        }
    }
}
