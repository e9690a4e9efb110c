namespace ScrapeGuard.Tool.Replay;

/// <summary>The one path of a file that may be spelled in several ways.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>How paths are compared where they are stored.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The full path without any link in it, also of a file that does not exist.</summary>
    public static string Of(string path)
    {
        var rest = new Stack<string>();
        Push(rest, path = Path.GetFullPath(path));
        var real = Path.GetPathRoot(path)!;
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = Path.Combine(real, name);
            if (links < MostLinks && LinkOf(next) is { } target)
            {
                links++;
                target = Path.GetFullPath(target, real);
                real = Path.GetPathRoot(target)!;
                Push(rest, target);
            }
            else
            {
                real = next;
            }
        }

        return real;
    }

    private static void Push(Stack<string> rest, string path)
    {
        foreach (var name in path[Path.GetPathRoot(path)!.Length..].Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
            rest.Push(name);
    }

    private static char[] Separators { get; } = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
