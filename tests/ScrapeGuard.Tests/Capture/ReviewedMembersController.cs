using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;

namespace ScrapeGuard.Tests.Capture;

/// <summary>Actions whose responses are cached, or not, and whose records are named rightly, or not.</summary>
public class ReviewedMembersController : Controller
{
    [HttpGet("/reviewed/1/{id}"), ScrapeGuard("member", Record = "id"), OutputCache]
    public IActionResult ShowOutputCached(string id) => Content(id);

    [HttpGet("/reviewed/2/{id}"), ScrapeGuard("member", Record = "id"), ResponseCache(Duration = 60)]
    public IActionResult ShowResponseCached(string id) => Content(id);

    [HttpGet("/reviewed/3/{id}"), ScrapeGuard("member", Record = "id"), OutputCache(NoStore = true)]
    public IActionResult ShowNotOutputCached(string id) => Content(id);

    [HttpGet("/reviewed/4/{id}"), ScrapeGuard("member", Record = "id"), ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
    public IActionResult ShowNotResponseCached(string id) => Content(id);

    [HttpGet("/reviewed/5/{id}"), ScrapeGuard("member", Record = "number")]
    public IActionResult ShowMisspelt(string id) => Content(id);

    [HttpGet("/reviewed/6"), ScrapeGuard("member", Record = "number")]
    public IActionResult ShowQueried(string number) => Content(number);

    [HttpGet("/reviewed/7"), ScrapeGuard("member", Record = "number")]
    public IActionResult ShowRenamed([FromQuery(Name = "number")] string id) => Content(id);
}
