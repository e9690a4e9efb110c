using System.Globalization;
using System.Net;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>Sends each client once, so that it has the cookies that a visit gives: ScrapeGuard's session, and the portal's login.</summary>
internal static class Visitors
{
    private static readonly Uri Page = new("/members/1", UriKind.Relative);
    private static readonly Uri LoginPage = new("/login", UriKind.Relative);

    public static Task<Visitor[]> OfTinyAsync(Uri app, int count) =>
        VisitAllAsync(count, number => VisitAsync(app, number, string.Create(CultureInfo.InvariantCulture, $"account{number}"), logIn: null));

    public static Task<Visitor[]> OfPortalAsync(Uri app, int count) =>
        VisitAllAsync(count, number => VisitAsync(app, number, account: "", MemberPortal.Professionals.UserName(number)));

    private static async Task<Visitor[]> VisitAllAsync(int count, Func<int, Task<Visitor>> visitAsync)
    {
        var visitors = new Visitor[count];
        await Parallel.ForAsync(0, count, async (index, _) => visitors[index] = await visitAsync(index + 1));
        return visitors;
    }

    private static async Task<Visitor> VisitAsync(Uri app, int number, string account, string? logIn)
    {
        var address = new IPAddress([10, 1, (byte)(number >> 8), (byte)number]).ToString();
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = app };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        if (account.Length > 0)
            client.DefaultRequestHeaders.Add("X-Account", account);
        if (logIn is not null)
            await LogInAsync(client, logIn);
        using var page = await client.GetAsync(Page);
        page.EnsureSuccessStatusCode();
        return new Visitor(address, account, handler.CookieContainer.GetCookieHeader(app));
    }

    private static async Task LogInAsync(HttpClient client, string userName)
    {
        using var form = new FormUrlEncodedContent([new("userName", userName), new("password", MemberPortal.Professionals.Password)]);
        using var answer = await client.PostAsync(LoginPage, form);
        if (answer.StatusCode != HttpStatusCode.Redirect)
            throw new InvalidOperationException($"{userName} cannot log in: {answer.StatusCode}.");
    }
}
