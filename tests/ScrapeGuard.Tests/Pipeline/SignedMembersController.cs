using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>An action for those who are signed in.</summary>
public class SignedMembersController : Controller
{
    [HttpGet("/mvc-signed/{id}"), ScrapeGuard("file", Record = "id"), Authorize]
    public IActionResult Show(string id) => Content(id);
}
