namespace ScrapeGuard;

/// <summary>
/// The settings of ScrapeGuard, usually bound from the section <c>ScrapeGuard</c> of appsettings. Everything but <see cref="Keys"/>,
/// <see cref="Memory"/> and <see cref="Redis"/> may change while the portal runs.
/// </summary>
public sealed class ScrapeGuardOptions
{
    /// <summary>Whether views past a limit are refused. Default: <see cref="ScrapeGuardMode.Observe"/>.</summary>
    public ScrapeGuardMode Mode { get; set; }

    /// <summary>
    /// The keys that turn record ids, sessions and accounts into pseudonyms, by name. The newest whose <see cref="KeyOptions.From"/> has passed is
    /// current. Required with Redis outside Development; otherwise, if empty, a random key per process.
    /// </summary>
    public IDictionary<string, KeyOptions> Keys { get; } = new Dictionary<string, KeyOptions>(StringComparer.Ordinal);

    /// <summary>Display pages by name, for portals that cannot mark their endpoints. Default: none.</summary>
    public IDictionary<string, PageOptions> Pages { get; } = new Dictionary<string, PageOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The limits by name. Default: eight limits, listed in the README. A <see cref="LimitOptions.Max"/> of 0 removes one.</summary>
    public IDictionary<string, LimitOptions> Limits { get; } = DefaultLimits.Create();

    /// <summary>What is judged besides the limits.</summary>
    public SignalsOptions Signals { get; } = new();

    /// <summary>What a person is asked for past a limit whose verdict is <see cref="Verdict.StepUp"/>.</summary>
    public StepUpOptions StepUp { get; } = new();

    /// <summary>How long blocks last and what a blocked client is answered.</summary>
    public BlockOptions Blocks { get; } = new();

    /// <summary>What an address is.</summary>
    public AddressOptions Address { get; } = new();

    /// <summary>What a session is.</summary>
    public SessionOptions Session { get; } = new();

    /// <summary>What an account is.</summary>
    public AccountOptions Account { get; } = new();

    /// <summary>The memory that counting may use.</summary>
    public MemoryOptions Memory { get; } = new();

    /// <summary>The Redis through which nodes share counts and blocks.</summary>
    public RedisOptions Redis { get; } = new();

    /// <summary>What is remembered of the records displayed to each subject.</summary>
    public ExposureOptions Exposure { get; } = new();

    /// <summary>What a configuration said that is no option, or no value of one.</summary>
    internal MisreadOptions Misread { get; } = new();
}
