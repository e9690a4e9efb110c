using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ScrapeGuard;

namespace MemberPortal.Pages;

/// <summary>The page that <c>StepUp:Path</c> names: the person confirms who they are and what for.</summary>
[Authorize]
public sealed class ConfirmModel : PageModel
{
    /// <summary>The password as it was typed.</summary>
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>What the records are needed for.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The page that was asked for, if it is one of this portal.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>What has to be corrected; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether the day's step-ups are used up.</summary>
    public bool IsUsedUp { get; private set; }

    /// <summary>Completes the step-up and goes back.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        Error = FindError();
        if (Error is not null) return Page();
        if (await HttpContext.CompleteScrapeGuardStepUpAsync(Reason!.Trim())) return this.RedirectBack(ReturnUrl);
        IsUsedUp = true;
        return Page();
    }

    private string? FindError()
    {
        if (!Professionals.Verify(User.Identity?.Name, Password)) return "This is not the password of this account.";
        if (string.IsNullOrWhiteSpace(Reason)) return "Please say what the records are needed for.";
        return Reason.Length > 200 ? "Please say it in at most 200 characters." : null;
    }
}
