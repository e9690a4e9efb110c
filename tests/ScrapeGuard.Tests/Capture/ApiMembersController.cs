using Microsoft.AspNetCore.Mvc;

namespace ScrapeGuard.Tests.Capture;

/// <summary>An action whose invalid arguments MVC answers itself.</summary>
[ApiController]
public class ApiMembersController : ControllerBase
{
    [HttpGet("/api/{memberId}"), ScrapeGuard("member", Record = "memberId")]
    public string Show(int memberId) => $"{memberId}";
}
