using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ScrapeGuard.Tests.Capture.Pages;

/// <summary>A page that shows the route's member on GET and, as Razor Pages binds by default, its property's on POST only.</summary>
[ScrapeGuard("member", Record = "memberId"), IgnoreAntiforgeryToken]
public class BoundModel : PageModel
{
    [BindProperty]
    public int MemberId { get; set; }

    public int Shown { get; private set; }

    public void OnGet(int memberId) => Shown = memberId;

    public void OnPost() => Shown = MemberId;

    public void OnPostRouted([FromRoute] int memberId) => Shown = memberId;
}
