using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class PageReviewTests
{
    private const int WebSocketNotCovered = 10;
    private const int OutputCached = 42;
    private const int ComponentNotCovered = 43;
    private const int HubNotCovered = 44;
    private const int RecordNotFound = 45;

    [Fact]
    public async Task Output_caching_on_a_display_page_is_warned_of_at_start()
    {
        await using var portal = await StartAsync(app =>
        {
            app.MapGet("/cached/{id}", (int id) => id).RequireScrapeGuard("member", record: "id").CacheOutput();
            app.MapGet("/uncached/{id}", (int id) => id).RequireScrapeGuard("member", record: "id");
            app.MapGet("/unguarded/{id}", (int id) => id).CacheOutput();
            app.MapGet("/disabled/{id}", (int id) => id).RequireScrapeGuard("member", record: "id").CacheOutput().DisableScrapeGuard();
        });
        Assert.StartsWith("The response of the display page HTTP: GET /cached/{id} is cached", Assert.Single(portal.Logged(OutputCached)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caching_by_attributes_is_warned_of_unless_they_forbid_it()
    {
        await using var portal = await StartAsync(app => app.MapControllers());
        Assert.Equal(["ShowOutputCached", "ShowResponseCached"], Actions(portal, OutputCached));
    }

    [Fact]
    public async Task A_name_that_neither_route_nor_argument_bears_is_warned_of_at_start()
    {
        await using var portal = await StartAsync(app =>
        {
            app.MapGet("/misspelt/{memberId}", (int memberId) => memberId).RequireScrapeGuard("member", record: "memberID2");
            app.MapGet("/queried", (int memberId) => memberId).RequireScrapeGuard("member", record: "memberId");
            app.MapGet("/cased/{memberId}", (int memberId) => memberId).RequireScrapeGuard("member", record: "MEMBERID");
            app.MapGroup("/{memberId}").RequireScrapeGuard("member", record: "memberId").MapGet("/grouped", (int memberId) => memberId);
            app.MapGet("/found", () => "found").RequireScrapeGuard("member", _ => "1");
            app.MapGet("/views", () => "views").RequireScrapeGuard("member");
            app.MapGet("/{**path}", (string path) => path).RequireScrapeGuard("member", record: "path");
        });
        Assert.Equal(
            [
                "The display page HTTP: GET /misspelt/{memberId} has no route value or argument memberID2, so its views are counted and its records are not. "
                + "Correct the name of the record, or give RequireScrapeGuard a delegate that finds it.",
                "The display page HTTP: GET /queried has no route value or argument memberId, so its views are counted and its records are not. "
                + "Correct the name of the record, or give RequireScrapeGuard a delegate that finds it.",
            ],
            portal.Logged(RecordNotFound).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_action_is_warned_of_only_where_it_binds_no_such_name()
    {
        await using var portal = await StartAsync(app => app.MapControllers());
        Assert.Equal(["ShowMisspelt"], Actions(portal, RecordNotFound));
    }

    [Fact]
    public async Task A_razor_page_is_reviewed_at_its_first_view()
    {
        await using var portal = await StartAsync(app => app.MapRazorPages());
        for (var view = 0; view < 2; view++)
        {
            Assert.True((await portal.GetAsync("/page/1")).IsSuccessStatusCode);
            Assert.True((await portal.GetAsync("/misspelt-page/1")).IsSuccessStatusCode);
        }

        Assert.Contains("/Misspelt has no route value or argument memberNo", Assert.Single(portal.Logged(RecordNotFound)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_a_display_page_is_warned_of_at_start()
    {
        await using var portal = await StartAsync(app =>
        {
            app.MapHub<MemberHub>("/hub").RequireScrapeGuard("member");
            app.MapHub<MemberHub>("/unguarded");
        });
        Assert.NotEmpty(portal.Logged(HubNotCovered));
        Assert.All(portal.Logged(HubNotCovered), message => Assert.Contains("The display page /hub", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blazor_component_that_is_a_display_page_is_warned_of_at_start()
    {
        await using var portal = await StartAsync(app => app.MapRazorComponents<MemberRoot>().RequireScrapeGuard("member", record: "id"));
        Assert.Contains("/component/{id}", Assert.Single(portal.Logged(ComponentNotCovered)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_socket_of_a_display_page_is_warned_of_once()
    {
        await using var portal = await StartAsync(
            app => app.MapGet("/socket/{id}", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            }).RequireScrapeGuard("member", record: "id"));
        for (var view = 0; view < 2; view++)
        {
            using var socket = await portal.Server.CreateWebSocketClient().ConnectAsync(new Uri("ws://localhost/socket/1"), TestContext.Current.CancellationToken);
            await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
        }

        Assert.Contains("GET /socket/{id} opened a WebSocket", Assert.Single(portal.Logged(WebSocketNotCovered)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_display_page_is_not_warned_of()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await portal.GetAsync("/members/1");
        foreach (var id in new[] { 7, 8, 9, WebSocketNotCovered, 40, 41, OutputCached, ComponentNotCovered, HubNotCovered, RecordNotFound })
            Assert.Empty(portal.Logged(id));
    }

    private static IEnumerable<string> Actions(PortalUnderTest portal, int id) =>
        portal.Logged(id).Select(message => message.Split("ReviewedMembersController.")[1].Split(' ')[0]).Order(StringComparer.Ordinal);

    private static Task<PortalUnderTest> StartAsync(Action<WebApplication> map) => PortalUnderTest.StartAsync(
        map: map,
        build: builder =>
        {
            builder.Services.AddRazorPages(pages => pages.RootDirectory = "/Capture/Pages");
            builder.Services.AddControllersWithViews();
            builder.Services.AddSignalR();
            builder.Services.AddRazorComponents();
            builder.Services.AddOutputCache();
        });

    public class MemberHub : Hub;

    public class MemberRoot : ComponentBase;

    [Route("/component/{id}")]
    public class MemberComponent : ComponentBase
    {
        [Parameter]
        public string? Id { get; set; }
    }
}
