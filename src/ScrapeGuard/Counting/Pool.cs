namespace ScrapeGuard.Counting;

/// <summary>Numbered places of which those given back are used again. Number 0 is never given out: it stands for none.</summary>
internal sealed class Pool<T>
{
    /// <summary>So many places are kept when none is in use.</summary>
    private const int Kept = 256;

    private T[] items = new T[8];
    private int[] free = new int[8];
    private int freed;
    private int used = 1;

    public ref T this[int number] => ref items[number];

    /// <summary>What is in a place: dearer by reference, where it is one itself.</summary>
    public T Read(int number) => items[number];

    /// <summary>How many places are in use.</summary>
    public int Used => used - 1 - freed;

    /// <summary>A place; what was in it last is in it still.</summary>
    public int Take()
    {
        if (freed > 0)
            return free[--freed];
        if (used == items.Length)
            Array.Resize(ref items, used * 2);
        return used++;
    }

    public void Return(int number)
    {
        if (freed == free.Length)
            Array.Resize(ref free, freed * 2);
        free[freed++] = number;

        // What an outage took is given back after it.
        if (Used == 0 && items.Length > Kept)
            (items, free, freed, used) = (new T[8], new int[8], 0, 1);
    }
}
