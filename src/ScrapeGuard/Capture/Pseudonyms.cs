using System.Security.Cryptography;
using System.Text;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>
/// Keyed hashes for what must not leave the process in clear: SipHash-2-4 (Aumasson and Bernstein, 2012) under one sub-key per purpose, derived by HKDF
/// (RFC 5869). Short inputs at every view are what it was made for; what has to be authentic has HMAC-SHA256 (RFC 2104).
/// </summary>
internal sealed class Pseudonyms
{
    private readonly Generation[] generations;
    private readonly Generation[][] since;
    private readonly TimeProvider time;

    public Pseudonyms(IEnumerable<KeyValuePair<string, KeyOptions>> keys, TimeProvider time)
    {
        this.time = time;
        generations = [.. keys
            .OrderByDescending(key => key.Value.From)
            .Select(key => new Generation(key.Key, key.Value.From, Convert.FromBase64String(key.Value.Value)))];
        IsRandom = generations.Length == 0;
        if (IsRandom)
            generations = [new Generation("process", DateTimeOffset.MinValue, RandomNumberGenerator.GetBytes(32))];
        since = [.. Enumerable.Range(0, generations.Length).Select(index => generations[index..])];
    }

    /// <summary>Whether no key was configured, so that nothing survives this process.</summary>
    public bool IsRandom { get; }

    /// <summary>The newest key whose time has come.</summary>
    public Generation Current
    {
        get
        {
            if (generations.Length == 1)
                return generations[0];
            var now = time.GetUtcNow();
            foreach (var generation in generations)
            {
                if (generation.From <= now)
                    return generation;
            }

            return generations[^1];
        }
    }

    public IReadOnlyList<Generation> All => generations;

    /// <summary>What nodes tell each other of their keys, to find out whether they have one in common.</summary>
    public IReadOnlyCollection<string> Fingerprints => [.. generations.Select(generation => generation.Fingerprint)];

    /// <summary>
    /// How many of <see cref="Past"/> a view is counted under: the current key and, for a day after it took over, the one before, whose state knows what was
    /// shown until then.
    /// </summary>
    public int Counted => CountedOf(Past);

    /// <summary>The same of keys that were looked up before.</summary>
    public int CountedOf(Generation[] past) =>
        past.Length > 1 && time.GetUtcNow() - past[0].From < TimeSpan.FromMilliseconds(SubjectState.NoveltyMilliseconds) ? 2 : 1;

    /// <summary>The current key and those before it, the newest first: a block made under one of them may still hold.</summary>
    public Generation[] Past => generations.Length == 1 ? generations : since[Array.IndexOf(generations, Current)];

    /// <summary>The subject of a session's id or an account's name.</summary>
    public SubjectKey Subject(SubjectType type, ReadOnlySpan<char> value) => Current.Subject(type, value);

    public SubjectKey Subject(in AddressInClear address) => Current.Subject(address);

    /// <summary>One key and the sub-keys made of it.</summary>
    internal sealed class Generation(string name, DateTimeOffset from, byte[] secret)
    {
        private readonly SipHash[] subjects = [new(SubKey(secret, "address")), new(SubKey(secret, "session")), new(SubKey(secret, "account"))];
        private readonly SipHash record = new(SubKey(secret, "record"));

        // A kind has a key of its own; there are few, and the last one is nearly always the next.
        private KindHash lastKind = new("", default);

        public string Name { get; } = name;

        public DateTimeOffset From { get; } = from;

        /// <summary>Tells keys apart, and nothing of what is made with them: a sub-key that has no other use.</summary>
        public string Fingerprint { get; } = Convert.ToHexStringLower(SubKey(secret, "fingerprint").AsSpan(0, 6));

        /// <summary>Seals the session cookie.</summary>
        public byte[] Cookie { get; } = SubKey(secret, "cookie");

        /// <summary>Authenticates block entries and messages.</summary>
        public byte[] Block { get; } = SubKey(secret, "block");

        /// <summary>Authenticates what nodes tell each other of numbers that were tried.</summary>
        public byte[] Sweep { get; } = SubKey(secret, "sweep");

        public SubjectKey Subject(SubjectType type, ReadOnlySpan<char> value) => new(type, subjects[(int)type].Hash128(value));

        public SubjectKey Subject(SubjectType type, ReadOnlySpan<byte> value) => new(type, subjects[(int)type].Hash128(value));

        public SubjectKey Subject(in AddressInClear address)
        {
            Span<byte> bytes = stackalloc byte[AddressInClear.Length];
            var length = address.Write(bytes);
            return new SubjectKey(SubjectType.Address, subjects[(int)SubjectType.Address].Hash128(bytes[..length]));
        }

        /// <summary>The fingerprint of a record: its kind and its canonical id.</summary>
        public ulong Record(string kind, ReadOnlySpan<char> id)
        {
            var last = lastKind;
            if (last.Kind != kind)
                lastKind = last = new KindHash(kind, record.For(kind));

            // Zero stands for no record.
            return Math.Max(1, last.Hash.Hash64(id));
        }

        private static byte[] SubKey(byte[] secret, string purpose) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.ASCII.GetBytes($"scrapeguard {purpose} 1"));

        private sealed record KindHash(string Kind, SipHash Hash);
    }
}
