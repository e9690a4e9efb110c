using System.Diagnostics.CodeAnalysis;

namespace ScrapeGuard.Counting;

/// <summary>Whom a view is counted for; null for a subject the view does not have, or that no limit applies to.</summary>
internal readonly struct ViewSubjects(SubjectKey? account, SubjectKey? session, SubjectKey? address)
{
    // A key that is nobody's has the type of another.
    private readonly SubjectKey account = account ?? Nobody(SubjectType.Account);
    private readonly SubjectKey session = session ?? Nobody(SubjectType.Session);
    private readonly SubjectKey address = address ?? Nobody(SubjectType.Address);

    public SubjectKey? Account => this[SubjectType.Account];

    public SubjectKey? Session => this[SubjectType.Session];

    public SubjectKey? Address => this[SubjectType.Address];

    public SubjectKey? this[SubjectType type] => TryGet(type, out var key) ? key : null;

    /// <summary>Whether somebody signed in makes the view, exempt or not: such a view is no stranger's.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>Whether <see cref="Account"/> is one that no limit applies to.</summary>
    public bool IsExemptAccount { get; init; }

    public bool TryGet(SubjectType type, out SubjectKey key)
    {
        key = At(type);
        return key.Type == type;
    }

    /// <summary>The subject of a type, without copying it; of another type where the view has none.</summary>
    [UnscopedRef]
    public ref readonly SubjectKey At(SubjectType type)
    {
        switch (type)
        {
            case SubjectType.Account:
                return ref account;
            case SubjectType.Session:
                return ref session;
            default:
                return ref address;
        }
    }

    private static SubjectKey Nobody(SubjectType type) => new(type == SubjectType.Account ? SubjectType.Session : SubjectType.Account, 0);
}
