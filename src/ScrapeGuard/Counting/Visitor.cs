using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// An account at an address, beside the address itself: the only one known there, as at most addresses, with all that is known of it. Where there are several,
/// the one seen last and when; <see cref="KnownAccounts"/> knows the rest.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Visitor(ulong account, long at)
{
    /// <summary>0 for none.</summary>
    public readonly ulong Account = account;
    public SeenAccount Seen = new(at);
}
