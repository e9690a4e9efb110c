using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ScrapeGuard.Tests.Capture.Pages;

/// <summary>A page whose record has another name than its argument.</summary>
[ScrapeGuard("member", Record = "memberNo")]
public class MisspeltModel : PageModel
{
    public int Shown { get; private set; }

    public void OnGet(int memberId) => Shown = memberId;
}
