using System.Reflection;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The Lua files in this assembly.</summary>
internal static class EmbeddedScript
{
    public static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
