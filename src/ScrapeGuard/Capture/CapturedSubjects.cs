using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>The subjects of a request as counting knows them, and what of them may be shown. Used again for the next request.</summary>
internal sealed class CapturedSubjects : IViewedBy
{
    /// <summary>The current key and those before it.</summary>
    public Pseudonyms.Generation[] Generations { get; private set; } = [];

    /// <summary>How many of them the view is counted under.</summary>
    public int Counted { get; private set; }

    /// <summary>The subjects as counting knows them, under each of those keys.</summary>
    public ViewSubjects[] ByKey { get; private set; } = [];

    /// <summary>The address in clear; null where the request has none.</summary>
    public AddressInClear? Address { get; private set; }

    /// <summary>Whether the request brought a valid session.</summary>
    public bool HasSession { get; private set; }

    /// <summary>The subjects under the current key.</summary>
    public ref readonly ViewSubjects Keys => ref ByKey[0];

    int IViewedBy.Keys => Counted;

    AddressInClear IViewedBy.Address => Address.GetValueOrDefault();

    ref readonly ViewSubjects IViewedBy.this[int key] => ref ByKey[key];

    public void Begin(Pseudonyms.Generation[] generations, int counted, AddressInClear? address, bool hasSession)
    {
        if (ByKey.Length != generations.Length)
            ByKey = new ViewSubjects[generations.Length];
        (Generations, Counted, Address, HasSession) = (generations, counted, address, hasSession);
    }
}
