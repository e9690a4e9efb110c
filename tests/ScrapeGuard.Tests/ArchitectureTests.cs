using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Xunit;

namespace ScrapeGuard.Tests;

/// <summary>One assembly, written as if split.</summary>
public class ArchitectureTests
{
    private static readonly string Sources = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "src", "ScrapeGuard"));

    [Fact]
    public void Only_the_folders_that_share_through_redis_name_its_client()
    {
        var naming = Files().Where(file => File.ReadAllText(file).Contains("StackExchange", StringComparison.Ordinal)).Select(FolderOf).Distinct();
        Assert.Equal(["Counting/Redis", "Enforcement/Redis"], naming.Where(folder => folder != "").Order(StringComparer.Ordinal));

        // RedisOptions says in its documentation whose configuration string it takes.
        Assert.Equal(
            ["RedisOptions.cs"],
            Files().Where(file => FolderOf(file) == "" && File.ReadAllText(file).Contains("StackExchange", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    [Fact]
    public void No_public_type_lets_redis_or_a_stage_show()
    {
        using var file = new PEReader(File.OpenRead(typeof(ScrapeGuardOptions).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var shown = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => metadata.GetString(type.Namespace))
            .Distinct();
        Assert.Equal(["ScrapeGuard"], shown);
    }

    [Fact]
    public void Detection_knows_neither_input_nor_output_nor_a_clock()
    {
        foreach (var file in Files().Where(file => FolderOf(file) is "Detection" or "Detection/Signals"))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("Microsoft.AspNetCore", text, StringComparison.Ordinal);
            Assert.DoesNotContain("GuardClock", text, StringComparison.Ordinal);
            Assert.DoesNotContain("TimeProvider", text, StringComparison.Ordinal);
            Assert.DoesNotContain("async ", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_script_begins_with_its_keys_its_arguments_and_what_it_returns()
    {
        var scripts = Directory.GetFiles(Sources, "*.lua", SearchOption.AllDirectories);
        Assert.Equal(6, scripts.Length);
        foreach (var script in scripts)
        {
            var head = string.Join('\n', File.ReadLines(script).TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)));
            Assert.All(["KEYS", "ARGV", "Returns"], word => Assert.Contains("-- " + word, head, StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Files() => Directory.GetFiles(Sources, "*.cs", SearchOption.AllDirectories)
        .Where(file => !FolderOf(file).StartsWith("obj", StringComparison.Ordinal) && !FolderOf(file).StartsWith("bin", StringComparison.Ordinal));

    private static string FolderOf(string file) => Path.GetRelativePath(Sources, Path.GetDirectoryName(file)!) is var folder and not "." ? folder.Replace('\\', '/') : "";

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
