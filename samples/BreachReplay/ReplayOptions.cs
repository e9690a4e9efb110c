using System.Globalization;

namespace BreachReplay;

/// <summary>What was asked for on the command line.</summary>
internal sealed record ReplayOptions
{
    public const string Usage = """
        Plays half a minute of a busy morning with two scraping addresses against the member portal, and says who was shown how many records.

          --redis HOST:PORT   share counts and blocks through this Redis
          --nodes N           start N portals, 1 to 16; more than one needs --redis (default 1)
          --json              print JSON instead of the table

        Exit code 0: the scraping was stopped and nobody else was refused; 1: it was not; 2: the replay could not be played.
        """;

    public string? Redis { get; private init; }

    public int Nodes { get; private init; } = 1;

    public bool Json { get; private init; }

    public bool Help { get; private init; }

    /// <exception cref="ReplayException">An argument is unknown, or its value is.</exception>
    public static ReplayOptions Parse(string[] args)
    {
        var options = new ReplayOptions();
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--redis" => options with { Redis = Endpoint(Value(args, ref i)) },
                "--nodes" => options with { Nodes = Count(Value(args, ref i)) },
                "--json" => options with { Json = true },
                "--help" or "-h" => options with { Help = true },
                _ => throw new ReplayException($"'{args[i]}' is not an option; --help lists them."),
            };
        }

        if (options.Nodes > 1 && options.Redis is null)
            throw new ReplayException($"--nodes {options.Nodes} needs --redis HOST:PORT: without Redis each node counts alone.");
        return options;
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new ReplayException($"{args[i - 1]} needs a value; --help shows which.");

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= 16
            ? nodes
            : throw new ReplayException($"--nodes '{text}' is not a number from 1 to 16.");

    private static string Endpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        var isEndpoint = colon > 0
            && !text.Contains(',', StringComparison.Ordinal)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0;
        return isEndpoint ? text : throw new ReplayException($"--redis '{text}' is not HOST:PORT, such as localhost:6379.");
    }
}
