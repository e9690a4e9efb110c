using MemberPortal.Members;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ScrapeGuard;

namespace MemberPortal.Pages.Members;

/// <summary>The display page: one member.</summary>
[ScrapeGuard("member", Record = "id")]
public sealed class MemberModel(MemberStore members) : PageModel
{
    /// <summary>Who is shown; null: nobody has this number.</summary>
    public Member? Member { get; private set; }

    /// <summary>Shows the member with this number.</summary>
    public IActionResult OnGet(int id)
    {
        Member = ModelState.IsValid ? members.Find(id) : null;
        if (Member is null) Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
