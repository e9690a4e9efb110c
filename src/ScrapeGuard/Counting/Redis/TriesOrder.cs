namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Which messages of other nodes are heard for the first time. Somebody without a key can send one again: a number would seem to be tried twice, as what many
/// people open is. By one thread at a time.
/// </summary>
internal sealed class TriesOrder
{
    /// <summary>For how long a message may be on its way, in milliseconds; and by how much clocks may differ. One that is older may be from before this node began to hear.</summary>
    public const long Lifetime = 120_000;

    /// <summary>How many starts of nodes are remembered.</summary>
    public const int Most = 1024;

    private readonly Dictionary<uint, (uint Sequence, long SentAt)> last = [];

    /// <summary>What a node that is forgotten has sent was sent by then.</summary>
    private long forgottenUntil = long.MinValue;

    /// <summary>Whether a message is newer than all that were heard of its node, and is to be heard.</summary>
    /// <param name="incarnation">Which start of which node sent it.</param>
    /// <param name="sequence">Which of its messages it is.</param>
    /// <param name="sentAt">When it was sent, in milliseconds.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public bool IsNext(uint incarnation, uint sequence, long sentAt, long now)
    {
        if (Math.Abs(now - sentAt) >= Lifetime)
            return false;
        if (!last.TryGetValue(incarnation, out var before))
        {
            if (sentAt <= forgottenUntil)
                return false;
            if (last.Count >= Most)
                ForgetOne();
        }
        else if (sequence <= before.Sequence)
        {
            return false;
        }

        last[incarnation] = (sequence, Math.Max(sentAt, before.SentAt));
        return true;
    }

    private void ForgetOne()
    {
        var (incarnation, (_, sentAt)) = last.MinBy(heard => heard.Value.SentAt);
        forgottenUntil = Math.Max(forgottenUntil, sentAt);
        last.Remove(incarnation);
    }
}
