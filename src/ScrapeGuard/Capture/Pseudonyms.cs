using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>
/// Keyed hashes for what must not leave the process in clear: HMAC-SHA256 (RFC 2104) under one sub-key per purpose, derived by HKDF (RFC 5869).
/// </summary>
internal sealed class Pseudonyms
{
    private readonly Generation[] generations;
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

    /// <summary>
    /// How many of <see cref="Past"/> a view is counted under: the current key and, for a day after it took over, the one before, whose state knows what was
    /// shown until then.
    /// </summary>
    public int Counted
    {
        get
        {
            var past = Past;
            return past.Count > 1 && time.GetUtcNow() - past[0].From < TimeSpan.FromMilliseconds(SubjectState.NoveltyMilliseconds) ? 2 : 1;
        }
    }

    /// <summary>The current key and those before it, the newest first: a block made under one of them may still hold.</summary>
    public IReadOnlyList<Generation> Past
    {
        get
        {
            if (generations.Length == 1)
                return generations;
            var current = Array.IndexOf(generations, Current);
            return generations[current..];
        }
    }

    /// <summary>The subject of this text: an address, a session's id, an account's name.</summary>
    public SubjectKey Subject(SubjectType type, string value) => Current.Subject(type, value);

    /// <summary>The fingerprint of a record: its kind and its canonical id.</summary>
    public ulong Record(string kind, string id) => Current.Record(kind, id);

    /// <summary>One key and the sub-keys made of it.</summary>
    internal sealed class Generation(string name, DateTimeOffset from, byte[] secret)
    {
        private readonly byte[][] subjects =
        [
            SubKey(secret, "address"), SubKey(secret, "session"), SubKey(secret, "account"),
        ];

        private readonly byte[] record = SubKey(secret, "record");

        public string Name { get; } = name;

        public DateTimeOffset From { get; } = from;

        /// <summary>Seals the session cookie.</summary>
        public byte[] Cookie { get; } = SubKey(secret, "cookie");

        /// <summary>Authenticates block entries and messages.</summary>
        public byte[] Block { get; } = SubKey(secret, "block");

        public SubjectKey Subject(SubjectType type, string value)
        {
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(subjects[(int)type], Encoding.UTF8.GetBytes(value), hash);
            return new SubjectKey(type, BinaryPrimitives.ReadUInt128BigEndian(hash));
        }

        public ulong Record(string kind, string id)
        {
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(record, Encoding.UTF8.GetBytes($"{kind}\0{id}"), hash);

            // Zero stands for no record.
            return Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(hash));
        }

        private static byte[] SubKey(byte[] secret, string purpose) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.ASCII.GetBytes($"scrapeguard {purpose} 1"));
    }
}
