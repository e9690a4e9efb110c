using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Tool;
using Xunit;

namespace ScrapeGuard.Tests.Settings;

public class NewKeyCommandTests
{
    private static readonly FakeTimeProvider Time = new(new(2026, 11, 24, 23, 30, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_new_key_has_32_bytes_and_is_current_from_today()
    {
        var (key, error) = await MakeKey("2026-11", "new-key");

        Assert.Equal(32, Convert.FromBase64String(key.GetProperty("Value").GetString()!).Length);
        Assert.Equal("2026-11-24", key.GetProperty("From").GetString());
        Assert.Contains("vault", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Two_keys_differ()
    {
        var (first, _) = await MakeKey("2026-11", "new-key");
        var (second, _) = await MakeKey("2026-11", "new-key");

        Assert.NotEqual(first.GetProperty("Value").GetString(), second.GetProperty("Value").GetString());
    }

    [Fact]
    public async Task A_key_may_be_named() => await MakeKey("blue", "new-key", "--name", "blue");

    [Fact]
    public async Task A_key_is_valid_where_it_is_put()
    {
        var (output, _, _) = await Run("new-key");
        var options = new ScrapeGuardOptions { Redis = { Configuration = "redis:6379" } };
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "ScrapeGuard": { "Keys": { {{output}} } } }""")))
            .Build();

        ScrapeGuardOptionsReader.Read(configuration.GetSection("ScrapeGuard"), options);

        var environment = new HostingEnvironment { EnvironmentName = "Production" };
        Assert.True(new ScrapeGuardOptionsValidator(environment, Time).Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    public async Task A_name_that_no_key_may_have_is_refused(string name)
    {
        var (output, error, exitCode) = await Run("new-key", "--name", name);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("1 to 64 letters", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Value", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_commands()
    {
        var (output, _, exitCode) = await Run("--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("scrapeguard [command]", output, StringComparison.Ordinal);
        Assert.Contains("new-key", output, StringComparison.Ordinal);
    }

    private static async Task<(JsonElement Key, string Error)> MakeKey(string name, params string[] arguments)
    {
        var (output, error, exitCode) = await Run(arguments);

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse($"{{ {output} }}");
        return (json.RootElement.GetProperty(name).Clone(), error);
    }

    private static async Task<(string Output, string Error, int ExitCode)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await ToolCommand.Create(Time).Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (output.ToString(), error.ToString(), exitCode);
    }
}
