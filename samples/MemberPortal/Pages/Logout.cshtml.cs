using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace MemberPortal.Pages;

/// <summary>Logs out; the button is on every page.</summary>
public sealed class LogoutModel : PageModel
{
    /// <summary>Changes nothing: a link must not log anybody out.</summary>
    public IActionResult OnGet() => Redirect("/");

    /// <summary>Withdraws the cookie.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        await HttpContext.SignOutAsync();
        return Redirect("/");
    }
}
