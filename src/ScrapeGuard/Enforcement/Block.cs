using System.Globalization;
using System.Text.Json.Serialization;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>A subject refused until a time. An entry whose <see cref="IsLifted"/> is set says that an operator let the subject go.</summary>
internal sealed record Block
{
    public required string Id { get; init; }

    public required SubjectType Subject { get; init; }

    /// <summary>The keyed hash of the subject, in hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>The address in clear; the token of a session or an account.</summary>
    public required string Value { get; init; }

    /// <summary>The name of the limit, or <c>operator</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>Of a signal, which of its statistics; null for a limit and for an operator.</summary>
    public string? Statistic { get; init; }

    public required BlockReach Reach { get; init; }

    public required ScrapeGuardMode Mode { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Since { get; init; }

    /// <summary>Milliseconds since 1970; for a lifted block, when it would have ended.</summary>
    public required long Until { get; init; }

    /// <summary>Until when a subject that was let go may go twice as far as others, in milliseconds since 1970; 0 for a block.</summary>
    public long GraceUntil { get; init; }

    /// <summary>The higher version of two entries for one subject holds; between equals, the higher <see cref="Id"/>.</summary>
    public required long Version { get; init; }

    public bool IsLifted { get; init; }

    /// <summary>How many blocks before this one made it longer.</summary>
    public int Repeats { get; init; }

    public int Views { get; init; }

    public int Records { get; init; }

    public string Explanation { get; init; } = "";

    /// <summary>When the entry says nothing any more but that there was a block.</summary>
    [JsonIgnore]
    public long Ends => Math.Max(Until, GraceUntil);

    [JsonIgnore]
    public SubjectKey Key => new(Subject, UInt128.Parse(Hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>The same entry by a clock that is ahead by so many milliseconds.</summary>
    public Block Moved(long milliseconds) => this with
    {
        Since = Since + milliseconds,
        Until = Until + milliseconds,
        GraceUntil = GraceUntil == 0 ? 0 : GraceUntil + milliseconds,
    };

    public bool IsNewerThan(Block other) => Version != other.Version ? Version > other.Version : string.CompareOrdinal(Id, other.Id) > 0;

    public static string HashOf(SubjectKey key) => key.Hash.ToString("x32", CultureInfo.InvariantCulture);
}
