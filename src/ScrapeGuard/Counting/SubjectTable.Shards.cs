namespace ScrapeGuard.Counting;

/// <summary>Which subjects there are, and in which part of the table each of them is.</summary>
internal sealed partial class SubjectTable
{
    /// <summary>Has what tells where a subject is looked for brought nearer, for <see cref="Prefetch"/>.</summary>
    public void Seek(in SubjectKey subject) => SubjectIndex.Prefetch(IndexOf(subject));

    /// <summary>Has where a subject is looked for brought nearer, while there is something else to do.</summary>
    public void Prefetch(in SubjectKey subject) => IndexOf(subject).Prefetch(subject);

    /// <summary>A subject as it is seen without a lock.</summary>
    public SubjectGlimpse Glimpse(in SubjectKey subject) => IndexOf(subject).Glimpse(subject);

    public IEnumerable<SubjectKey> Subjects(SubjectType type)
    {
        foreach (var shard in shards)
        {
            SubjectKey[] keys;
            using (shard.Enter())
                keys = [.. shard.Subjects().Where(key => key.Type == type)];
            foreach (var key in keys)
                yield return key;
        }
    }

    public int CountOf(SubjectType type) => shards.Sum(shard => shard.CountOf(type));

    public long EvictedOf(SubjectType type) => shards.Sum(shard => Volatile.Read(ref shard.Evicted[(int)type]));

    public SubjectShard ShardOf(in SubjectKey subject) => shards[PlaceOf(subject, shards.Length)];

    private SubjectIndex IndexOf(in SubjectKey subject) => indexes[PlaceOf(subject, indexes.Length)];

    /// <summary>Not by the bits of <see cref="SubjectKey.Part"/>, which the sessions of an account share with it.</summary>
    private static int PlaceOf(in SubjectKey subject, int length) => (int)((uint)((ulong)subject.Hash >> 4) & (uint)(length - 1));
}
