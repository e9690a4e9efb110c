using Microsoft.AspNetCore.Mvc;

namespace ScrapeGuard.Tests.Capture;

/// <summary>Actions of a controller that knows nothing of ScrapeGuard, and one whose id is a property.</summary>
public class PlainMembersController : Controller
{
    [BindProperty]
    public string? MemberId { get; set; }

    [HttpPost("/plain/{memberId}")]
    public IActionResult Show(string memberId) => Content(memberId);

    [HttpGet("/property/{memberId}"), HttpPost("/property/{memberId}"), ScrapeGuard("member", Record = "memberId")]
    public IActionResult ShowProperty() => Content(MemberId ?? "");
}
