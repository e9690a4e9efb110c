using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>The account in good standing that was seen last at an address, beside the address itself: most are visited by one account.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Visitor
{
    /// <summary>0 for none.</summary>
    public ulong Account;
    private uint seconds;

    /// <summary>When it was seen, to a second, in milliseconds.</summary>
    public long At
    {
        readonly get => seconds * 1000L;
        set => seconds = (uint)Math.Clamp(value / 1000, 0, uint.MaxValue);
    }
}
