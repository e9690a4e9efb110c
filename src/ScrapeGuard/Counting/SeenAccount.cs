using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>When an account was seen at an address: to a second, as its days need not be known any better.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SeenAccount
{
    private const long Day = 24L * 60 * 60 * 1000;

    /// <summary>How old what is known of an account may be before the other nodes are told again.</summary>
    private const long Refresh = 600_000;

    private uint first;
    private uint last;
    private uint toldAndWarned;

    /// <summary>One that nobody was told of.</summary>
    public SeenAccount(long at) => (First, Last) = (at, at);

    public long First
    {
        readonly get => first * 1000L;
        private set => first = Seconds(value);
    }

    public long Last
    {
        readonly get => last * 1000L;
        private set => last = Seconds(value);
    }

    public bool IsWarned
    {
        readonly get => (toldAndWarned & 1) != 0;
        private set => toldAndWarned = (toldAndWarned & ~1u) | (value ? 1u : 0);
    }

    public readonly KnownAccount Known => new(First, Last, IsWarned);

    private long Told
    {
        readonly get => (toldAndWarned >> 1) * 2000L;
        set => toldAndWarned = (Seconds(value) / 2 << 1) | (toldAndWarned & 1);
    }

    /// <summary>Whether it was not seen for so long that it is as good as new.</summary>
    public readonly bool IsForgotten(long now) => now - Last >= KnownAccounts.Memory;

    /// <summary>Whether it was not warned when it was seen last, and that is no longer ago than is remembered.</summary>
    public readonly bool IsKnown(long now) => Last > now - KnownAccounts.Memory && !IsWarned;

    /// <summary>Whether it was seen in the last 24 hours, warned or not.</summary>
    public readonly bool IsRecent(long now) => Last > now - Day;

    /// <summary>Whether it was seen in the last 24 hours and is not warned.</summary>
    public readonly bool IsInGoodStanding(long now) => IsRecent(now) && !IsWarned;

    /// <summary>Whether it was first seen less than 24 hours ago, warned or not.</summary>
    public readonly bool IsNewcomer(long now) => IsRecent(now) && First > now - Day;

    /// <summary>Notes that it was seen again; true where that is news for the other nodes.</summary>
    public bool See(bool isWarned, long now)
    {
        var isNews = IsWarned != isWarned || now - Told >= Refresh;
        (Last, IsWarned, Told) = (now, isWarned, isNews ? now : Told);
        return isNews;
    }

    /// <summary>Takes in what another node knows.</summary>
    public void Learn(KnownAccount there)
    {
        First = Math.Min(First, there.First);
        if (there.Last >= Last)
            (Last, IsWarned, Told) = (there.Last, there.IsWarned, there.Last);
    }

    private static uint Seconds(long milliseconds) => (uint)Math.Clamp(milliseconds / 1000, 0, uint.MaxValue);
}

/// <summary>An account known at an address.</summary>
/// <param name="First">When it was first seen there, in milliseconds.</param>
/// <param name="Last">When it was last seen there.</param>
/// <param name="IsWarned">Whether it was warned then.</param>
internal readonly record struct KnownAccount(long First, long Last, bool IsWarned);
