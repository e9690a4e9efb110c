using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MemberPortal;
using MemberPortal.Members;

namespace BreachReplay.Portals;

/// <summary>One browser: a cookie jar and the address it comes from. Redirects are answers, not followed.</summary>
internal sealed partial class PortalClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly IReadOnlyList<Uri> _nodes;
    private int _turn = Random.Shared.Next(1024);

    public PortalClient(IReadOnlyList<Uri> nodes, string address)
    {
        _nodes = nodes;
        var handler = new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false, UseProxy = false };
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15) };
        _http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <exception cref="ReplayException">The portal does not log this account in.</exception>
    public async Task LogInAsync(string account, CancellationToken stop)
    {
        var fields = new Dictionary<string, string> { ["userName"] = account, ["password"] = Professionals.Password };
        using var content = new FormUrlEncodedContent(fields);
        try
        {
            using var response = await _http.PostAsync(Url("/login"), content, stop);
            if (response.StatusCode != HttpStatusCode.Redirect)
                throw new ReplayException($"{account} could not log in: the portal answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException error)
        {
            throw new ReplayException($"{account} could not log in: {error.Message}", error);
        }
    }

    /// <summary>Opens the page of one member. Only a page that carries this very number shows it.</summary>
    public async Task<PortalAnswer> ShowAsync(int id, CancellationToken stop)
    {
        var answer = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/members/{id}"), stop);
        if (answer.Answer != Answer.Shown || answer.Records is [var shown] && shown == id) return answer;
        return new PortalAnswer(Answer.Failed, answer.Records, $"the page of member {id} does not show that member");
    }

    /// <summary>Searches by name, and by birth date if there is one; each row shows a record.</summary>
    public Task<PortalAnswer> SearchAsync(MemberSearch search, CancellationToken stop) => GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"/members?name={Uri.EscapeDataString(search.Name ?? "")}&birthDate={search.BirthDate:yyyy-MM-dd}"), stop);

    /// <summary>Types the password into the confirmation page, and a reason; whether that was accepted.</summary>
    public async Task<bool> ConfirmAsync(string reason, CancellationToken stop)
    {
        try
        {
            var page = await _http.GetStringAsync(Url("/confirm"), stop);
            var fields = new Dictionary<string, string>
            {
                ["password"] = Professionals.Password,
                ["reason"] = reason,
                ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value,
            };
            using var content = new FormUrlEncodedContent(fields);
            using var response = await _http.PostAsync(Url("/confirm"), content, stop);
            return response.StatusCode == HttpStatusCode.Redirect;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("data-member=\"([0-9]+)\"")]
    private static partial Regex Members();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    private async Task<PortalAnswer> GetAsync(string path, CancellationToken stop)
    {
        try
        {
            using var response = await _http.GetAsync(Url(path), stop);
            return await ReadAsync(response, stop);
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new PortalAnswer(Answer.Failed, [], error.Message);
        }
    }

    private static async Task<PortalAnswer> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var target = response.Headers.Location?.OriginalString ?? "";
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                var page = await response.Content.ReadAsStringAsync(stop);
                return new PortalAnswer(Answer.Shown, [.. Members().Matches(page).Select(Number)]);
            case HttpStatusCode.TooManyRequests:
                return new PortalAnswer(Answer.Blocked, []);
            case HttpStatusCode.Redirect when target.Contains("/confirm", StringComparison.Ordinal) && !target.Contains("/login", StringComparison.Ordinal):
                return new PortalAnswer(Answer.StepUp, []);
            default:
                return new PortalAnswer(Answer.Failed, [], $"HTTP {(int)response.StatusCode} {target}".TrimEnd());
        }
    }

    private static int Number(Match match) => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private Uri Url(string path) => new(_nodes[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_nodes.Count)], path);
}
