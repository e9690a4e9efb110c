using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace MemberPortal.Pages;

internal static class ReturnUrls
{
    /// <summary>Redirects to the page the person came from, if it is one of this portal; else home.</summary>
    public static LocalRedirectResult RedirectBack(this PageModel page, string? returnUrl) =>
        page.LocalRedirect(page.Url.IsLocalUrl(returnUrl) && Ascii.IsValid(returnUrl) ? returnUrl! : "/");
}
