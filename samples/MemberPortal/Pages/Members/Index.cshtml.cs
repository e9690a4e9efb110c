using System.Globalization;
using MemberPortal.Members;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ScrapeGuard;

namespace MemberPortal.Pages.Members;

/// <summary>The list page: at most five members, counted before any of them is shown.</summary>
public sealed class MembersModel(MemberStore members) : PageModel
{
    private const int Most = 5;

    /// <summary>What was searched by.</summary>
    public MemberSearch Search { get; private set; } = new();

    /// <summary>The members found, at most five.</summary>
    public IReadOnlyList<Member> Found { get; private set; } = [];

    /// <summary>Whether there are more than were found.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Whether anything was searched by at all.</summary>
    public bool IsSearched => Search.Name is not null || Search.BirthDate is not null;

    /// <summary>Searches and counts.</summary>
    public async Task<IActionResult> OnGetAsync(string? name, DateOnly? birthDate)
    {
        Search = new MemberSearch(string.IsNullOrWhiteSpace(name) ? null : name.Trim(), birthDate);
        if (!ModelState.IsValid) Response.StatusCode = StatusCodes.Status400BadRequest;
        if (!ModelState.IsValid || !IsSearched) return Page();

        var matches = members.Search(Search.Name, Search.BirthDate, Most + 1);
        HasMore = matches.Count > Most;
        Found = [.. matches.Take(Most)];

        var assessment = await HttpContext.CountRecordsAsync("member", Found.Select(member => member.Id.ToString(CultureInfo.InvariantCulture)));
        return assessment.IsRefused ? assessment.ToActionResult() : Page();
    }
}
