using Microsoft.AspNetCore.Mvc;

namespace ScrapeGuard.Tests.Capture;

/// <summary>Actions that bind the id of a member in each way MVC knows.</summary>
[ScrapeGuard("member", Record = "memberId")]
public class BoundMembersController : Controller
{
    [HttpGet("/mvc/{memberId}"), HttpPost("/mvc/{memberId}")]
    public IActionResult Show(string memberId) => Content(memberId);

    [HttpGet("/mvc-queried/{memberId}")]
    public IActionResult ShowQueried([FromQuery(Name = "memberId")] string number) => Content(number);

    [HttpPost("/mvc-routed/{memberId}")]
    public IActionResult ShowRouted([FromRoute] string memberId) => Content(memberId);

    [HttpPost("/mvc-both/{memberId}")]
    public IActionResult ShowBoth([FromRoute] string memberId, [FromForm(Name = "memberId")] string other) => Content(other);

    [HttpGet("/mvc-optional/{memberId?}")]
    public IActionResult ShowOptional(string? memberId) => Content(memberId ?? "nobody");

    [HttpGet("/mvc-lenient/{memberId}")]
    public IActionResult ShowLenient(int memberId) => Content($"{memberId}");

    [HttpGet("/mvc-cached/{memberId}"), ShownBefore]
    public IActionResult ShowCached(string memberId) => Content(memberId);

    [HttpPost("/mvc-tokened/{memberId}"), ValidateAntiForgeryToken]
    public IActionResult ShowTokened(string memberId) => Content(memberId);
}
