using System.Runtime.CompilerServices;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>What was written lately, by its place: what comes again is written as that place alone. A reader fills the same places in the same order.</summary>
internal sealed class RecentValues<T> where T : class
{
    private const int Size = 1024;

    private readonly T?[] places = new T[Size];

    public T? this[int place]
    {
        get => places[place];
        set => places[place] = value;
    }

    /// <summary>The place of the very same object; false where it was not there, and now is.</summary>
    public bool TryFind(T value, out int place)
    {
        place = RuntimeHelpers.GetHashCode(value) & (Size - 1);
        if (ReferenceEquals(places[place], value))
            return true;
        places[place] = value;
        return false;
    }
}
