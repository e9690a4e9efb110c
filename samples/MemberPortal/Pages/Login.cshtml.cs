using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace MemberPortal.Pages;

/// <summary>Logs a professional in. Without an antiforgery token, so that a script can play one; a real portal keeps it.</summary>
[IgnoreAntiforgeryToken]
public sealed class LoginModel : PageModel
{
    /// <summary>The user name as it was typed.</summary>
    [BindProperty]
    public string? UserName { get; set; }

    /// <summary>The password as it was typed.</summary>
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>Where to go afterwards, if it is a path of this portal.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Whether the last attempt failed.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Checks the password and issues the cookie.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (!Professionals.Verify(UserName, Password))
        {
            IsRejected = true;
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Page();
        }

        Claim[] claims = [new("sub", UserName!), new("name", UserName!)];
        var identity = new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme, "name", roleType: null);
        await HttpContext.SignInAsync(new ClaimsPrincipal(identity));
        return this.RedirectBack(ReturnUrl);
    }
}
