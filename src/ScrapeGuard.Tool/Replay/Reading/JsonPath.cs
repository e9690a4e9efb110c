namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// The property that is being read, by its path through the objects of a line. A server writes the same properties in the same order, line after line: each
/// is compared with the one in its place on the line before, and looked up only where it is another.
/// </summary>
internal sealed class JsonPath(JsonNames names, int deepest)
{
    private const int MostProperties = 256;
    private const int None = -1;

    private readonly Property[] properties = new Property[MostProperties];
    private readonly int[] parents = new int[deepest + 1];
    private int depth;
    private int count;
    private int current = None;

    /// <summary>What the property holds.</summary>
    public JsonField Field => current == None ? JsonField.Other : properties[current].Field;

    /// <summary>How its name ranks among those of the same thing.</summary>
    public byte Rank => properties[current].Rank;

    /// <summary>Begins another line.</summary>
    public void Begin() => (depth, count, current) = (0, 0, None);

    public void Open() => parents[++depth] = current;

    public void Close() => current = parents[depth--];

    public void Enter(ReadOnlySpan<byte> name)
    {
        if (count == MostProperties)
        {
            current = None;
            return;
        }

        current = count++;
        ref var property = ref properties[current];
        if (property.Name is not null && property.Parent == parents[depth] && name.SequenceEqual(property.Name))
            return;
        property = Find(name, parents[depth]);

        // Those after it may be beneath it.
        Array.Clear(properties, count, MostProperties - count);
    }

    private Property Find(ReadOnlySpan<byte> name, int parent)
    {
        var path = parent == None ? name.ToArray() : [.. properties[parent].Path, (byte)'.', .. name];
        foreach (ref var letter in path.AsSpan())
        {
            if (letter is >= (byte)'A' and <= (byte)'Z')
                letter |= 0x20;
        }

        var field = names.Find(path, out var rank);
        return new Property(name.ToArray(), parent, path, field, rank);
    }

    private readonly record struct Property(byte[] Name, int Parent, byte[] Path, JsonField Field, byte Rank);
}
