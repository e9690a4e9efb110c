using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>The subjects of a request as counting knows them, and what of them may be shown. Used again for the next request.</summary>
internal sealed class CapturedSubjects : IViewedBy
{
    private const int Types = 3;

    private readonly byte[] sessionCookie = new byte[SessionCookie.Length];
    private ulong sessionHash;
    private bool isSought;
    private AddressInClear address;
    private string? sessionText;
    private int sessionLength;
    private SubjectKey[] names = [];
    private ulong named;
    private int known;

    /// <summary>The current key and those before it.</summary>
    public Pseudonyms.Generation[] Generations { get; private set; } = [];

    /// <summary>How many of them the view is counted under.</summary>
    public int Counted { get; private set; }

    /// <summary>The subjects as counting knows them, under each of those keys; once they are complete.</summary>
    public ViewSubjects[] ByKey { get; private set; } = [];

    /// <summary>The account; null where nobody signed in.</summary>
    public string? Account { get; private set; }

    /// <summary>Whether no limit applies to the account.</summary>
    public bool IsExempt { get; private set; }

    /// <summary>The address in clear; without a prefix where the request has none.</summary>
    public ref readonly AddressInClear Address => ref address;

    /// <summary>Whether the request brought a valid session.</summary>
    public bool HasSession => sessionLength > 0;

    /// <summary>The subjects under the current key.</summary>
    public ref readonly ViewSubjects Keys => ref ByKey[0];

    int IViewedBy.Keys => Counted;

    ref readonly AddressInClear IViewedBy.Address => ref address;

    ref readonly ViewSubjects IViewedBy.this[int key] => ref ByKey[key];

    ulong IViewedBy.Record(int key, string kind, ReadOnlySpan<char> id) => Generations[key].Record(kind, id);

    private ReadOnlySpan<byte> Session => sessionText is null ? sessionCookie.AsSpan(0, sessionLength) : MemoryMarshal.AsBytes(sessionText.AsSpan());

    public void Begin(Pseudonyms.Generation[] generations, int counted)
    {
        if (ByKey.Length != generations.Length)
            (ByKey, names) = (new ViewSubjects[generations.Length], new SubjectKey[generations.Length * Types]);
        (Generations, Counted) = (generations, counted);
        (Account, IsExempt, address, sessionText, sessionLength) = (null, false, default, null, 0);
        (named, known, isSought) = (0, 0, false);
    }

    /// <summary>Whether the request was looked for a subject of this type already; from now on it was.</summary>
    public bool IsKnown(SubjectType type)
    {
        var bit = 1 << (int)type;
        var was = (known & bit) != 0;
        known |= bit;
        return was;
    }

    /// <summary>Takes subjects that are known without a request.</summary>
    public void Take(AddressInClear address, string? account, bool isExempt, string? session)
    {
        this.address = address;
        TakeAccount(account, isExempt);
        TakeSession(session);
        known = ~0;
    }

    /// <summary>Keeps nothing alive that belongs to a request.</summary>
    public void End() => (Account, sessionText) = (null, null);

    public void TakeAccount(string? account, bool isExempt) => (Account, IsExempt) = (account, isExempt);

    public void TakeAddress(in AddressInClear found) => address = found;

    /// <summary>Reads ScrapeGuard's own cookie, some time before <see cref="TakeSession(SessionCookie, HttpRequest)"/> looks whether it is valid.</summary>
    public void SeekSession(SessionCookie cookie, HttpRequest request)
    {
        if (isSought)
            return;
        isSought = true;
        sessionHash = cookie.Read(request, sessionCookie);
    }

    /// <summary>Takes the session from a valid cookie of ScrapeGuard's own.</summary>
    public void TakeSession(SessionCookie cookie, HttpRequest request)
    {
        SeekSession(cookie, request);
        sessionLength = sessionHash != 0 && cookie.IsValid(sessionCookie, sessionHash) ? SessionCookie.IdLength : 0;
    }

    /// <summary>Takes the session from what the portal has instead.</summary>
    public void TakeSession(string? text) => (sessionText, sessionLength) = (text, text?.Length ?? 0);

    /// <summary>The subject under a key; false where the request has none, or where no limit applies to it.</summary>
    public bool TryName(SubjectType type, int key, out SubjectKey name)
    {
        var place = (key * Types) + (int)type;
        name = names[place];
        if (place < 64 && (named & (1UL << place)) != 0)
            return true;
        switch (type)
        {
            case SubjectType.Address when address.PrefixLength > 0:
                name = Generations[key].Subject(address);
                break;
            case SubjectType.Account when Account is { } account && !IsExempt:
                name = Generations[key].Subject(type, account);
                break;
            case SubjectType.Session when HasSession && !IsExempt:
                name = Generations[key].Subject(type, Session);
                break;
            default:
                return false;
        }

        names[place] = name;
        named |= place < 64 ? 1UL << place : 0;
        return true;
    }

    /// <summary>Names all subjects, those that enforcement did not ask for among them.</summary>
    public void Complete()
    {
        for (var key = 0; key < Generations.Length; key++)
        {
            ByKey[key] = new ViewSubjects(NameOf(SubjectType.Account, key), NameOf(SubjectType.Session, key), NameOf(SubjectType.Address, key))
            {
                IsSignedIn = Account is not null,
                IsExemptAccount = IsExempt,
            };
        }
    }

    private SubjectKey? NameOf(SubjectType type, int key) => TryName(type, key, out var name) ? name : null;
}
