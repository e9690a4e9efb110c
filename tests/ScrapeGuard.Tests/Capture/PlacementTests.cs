using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class PlacementTests
{
    private const int BeforeAuthentication = 7;
    private const int AfterAuthorization = 8;
    private const int BeforeRouting = 9;
    private const int AfterAddedAuthorization = 40;
    private const int NotUsed = 41;

    [Fact]
    public async Task The_smallest_portal_is_placed_well()
    {
        await using var app = await StartAsync(app => app.UseScrapeGuard());
        await CheckAsync(app);
    }

    [Fact]
    public async Task The_smallest_portal_with_authentication_is_placed_well()
    {
        await using var app = await StartAsync(app => app.UseScrapeGuard(), AddAuthentication);
        await CheckAsync(app);
    }

    [Fact]
    public async Task The_order_of_the_documentation_is_placed_well()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseForwardedHeaders();
                app.UseRouting();
                app.UseAuthentication();
                app.UseScrapeGuard();
                app.UseAuthorization();
            },
            AddBoth);
        await CheckAsync(app);
    }

    [Fact]
    public async Task A_portal_that_leaves_routing_and_authentication_to_the_framework_is_placed_well()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseScrapeGuard();
                app.UseAuthorization();
            },
            AddBoth);
        await CheckAsync(app);
    }

    [Fact]
    public async Task A_branch_of_the_pipeline_is_placed_well()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseRouting();
                app.UseAuthentication();
                app.UseWhen(_ => true, branch => branch.UseScrapeGuard());
                app.UseAuthorization();
            },
            AddBoth);
        await CheckAsync(app);
    }

    [Fact]
    public async Task Before_routing_it_warns_at_start()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseScrapeGuard();
            app.UseRouting();
        });
        Assert.Equal([BeforeRouting], Warnings(app));
    }

    [Fact]
    public async Task Before_authentication_it_warns_once_at_start()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseRouting();
                app.UseScrapeGuard();
                app.UseAuthentication();
            },
            AddAuthentication);
        await CheckAsync(app, BeforeAuthentication);
    }

    [Fact]
    public async Task After_authorization_it_warns_once_at_start()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
                app.UseScrapeGuard();
            },
            AddBoth);
        await CheckAsync(app, AfterAuthorization);
    }

    [Fact]
    public async Task After_the_authorization_that_the_framework_adds_it_warns_once_at_start()
    {
        await using var app = await StartAsync(app => app.UseScrapeGuard(), AddBoth);
        await CheckAsync(app, AfterAddedAuthorization);
        Assert.Contains("Add app.UseAuthorization() after app.UseScrapeGuard().", Message(app, AfterAddedAuthorization), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_all_of_them_it_names_each_line_to_move()
    {
        await using var app = await StartAsync(
            app =>
            {
                app.UseScrapeGuard();
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
            },
            AddBoth);
        Assert.Equal([BeforeAuthentication, BeforeRouting], Warnings(app));
        Assert.EndsWith("Move app.UseScrapeGuard() after app.UseAuthentication().", Message(app, BeforeAuthentication), StringComparison.Ordinal);
        Assert.EndsWith("Move app.UseScrapeGuard() after app.UseRouting().", Message(app, BeforeRouting), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Display_pages_that_nothing_guards_are_warned_of()
    {
        await using var app = await StartAsync(_ => { });
        Assert.Equal([NotUsed], Warnings(app));
    }

    [Fact]
    public async Task A_portal_that_marks_nothing_yet_is_not_warned()
    {
        await using var app = await StartAsync(_ => { }, isMarked: false);
        Assert.Empty(Warnings(app));
    }

    [Fact]
    public async Task Without_its_services_the_start_stops_with_the_line_to_add()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        var problem = Assert.Throws<InvalidOperationException>(() => app.UseScrapeGuard());
        Assert.Contains("Add builder.Services.AddScrapeGuard(", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_adds_nothing_by_itself_is_judged_by_its_own_order(bool isRight)
    {
        using var host = new HostBuilder().ConfigureWebHost(web => web.UseTestServer()
            .ConfigureServices(services =>
            {
                AddBoth(services);
                AddGuard(services);
            })
            .Configure(app =>
            {
                if (isRight)
                    app.UseRouting().UseAuthentication().UseScrapeGuard().UseAuthorization();
                else
                    app.UseScrapeGuard().UseRouting().UseAuthorization().UseAuthentication();
                app.UseEndpoints(endpoints => endpoints.MapGet("/members/{id}", () => "member").RequireScrapeGuard("member", record: "id"));
            })).Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isRight ? [] : [BeforeAuthentication, BeforeRouting], Warnings(host));
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> use, Action<IServiceCollection>? add = null, bool isMarked = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        AddGuard(builder.Services);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        use(app);
        var page = app.MapGet("/members/{id}", () => "member");
        if (isMarked)
            page.RequireScrapeGuard("member", record: "id");
        await app.StartAsync();
        return app;
    }

    private static void AddGuard(IServiceCollection services) => services
        .AddRouting()
        .AddLogging(logging => logging.ClearProviders().AddFakeLogging())
        .AddScrapeGuard(options => options.Mode = ScrapeGuardMode.Enforce);

    private static void AddAuthentication(IServiceCollection services) => services.AddAuthentication("cookie").AddCookie("cookie");

    private static void AddBoth(IServiceCollection services)
    {
        AddAuthentication(services);
        services.AddAuthorization();
    }

    /// <summary>The same warnings at start and after two requests: a request finds no more than what was said.</summary>
    private static async Task CheckAsync(WebApplication app, params int[] expected)
    {
        Assert.Equal(expected, Warnings(app));
        using var client = app.GetTestClient();
        for (var view = 0; view < 2; view++)
            Assert.Equal("member", await client.GetStringAsync("/members/1", TestContext.Current.CancellationToken));
        Assert.Equal(expected, Warnings(app));
    }

    private static int[] Warnings(IHost host) =>
        [.. host.Services.GetFakeLogCollector().GetSnapshot()
            .Where(record => record.Category!.StartsWith("ScrapeGuard", StringComparison.Ordinal) && record.Level >= LogLevel.Warning && record.Id.Id is not (5 or 6))
            .Select(record => record.Id.Id).Order()];

    private static string Message(WebApplication app, int id) => app.Services.GetFakeLogCollector().GetSnapshot().Single(record => record.Id.Id == id).Message;
}
