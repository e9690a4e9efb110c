namespace ScrapeGuard.Counting;

/// <summary>A subject as counting knows it: its type and a keyed hash of what it is.</summary>
internal readonly record struct SubjectKey(SubjectType Type, UInt128 Hash)
{
    /// <summary>The hash is keyed and as good as random: a part of it will do.</summary>
    public override int GetHashCode() => (int)(ulong)Hash;

    /// <summary>A part of the hash that tells the accounts of one address apart.</summary>
    public ulong Fingerprint => (ulong)Hash;

    /// <summary>Into how many parts subjects are divided where nodes share them.</summary>
    public const int Parts = 16;

    /// <summary>Subjects of one part are exchanged at once, as on a Redis Cluster they are on one master.</summary>
    public int Part => (int)((ulong)Hash & (Parts - 1));

    /// <summary>The reference given to the help desk: what a refused person can read out on the telephone.</summary>
    public string Reference => Crockford.Format((ulong)(Hash >> 64) & 0xFF_FFFF_FFFF);

    /// <summary>The short name under which operators see an account or a session.</summary>
    public string Token => $"{char.ToLowerInvariant(Type.ToString()[0])}-{(ulong)(Hash >> 64):x16}";
}
