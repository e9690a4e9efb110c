using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;

namespace ScrapeGuard.Tests.Capture;

/// <summary>Actions whose record is in a collection, in a model, or of a type that does not say what it is.</summary>
public class ModelMembersController : Controller
{
    [HttpGet("/several"), ScrapeGuard("member", Record = "id")]
    public IActionResult ShowSeveral([FromQuery] int[] id) => Content(string.Join(',', id));

    [HttpPost("/model/{id}"), ScrapeGuard("member", Record = "id")]
    public IActionResult ShowModel(Question question) => Content(question.Id ?? "");

    [HttpGet("/wrapped/{id}"), ScrapeGuard("member", Record = "id")]
    public IActionResult ShowWrapped(Wrapped id) => Content(id.Value);

    public class Question
    {
        public string? Id { get; set; }
    }

    public class Wrapped : IParsable<Wrapped>
    {
        public string Value { get; init; } = "";

        public static Wrapped Parse(string s, IFormatProvider? provider) => new() { Value = s };

        public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Wrapped result)
        {
            result = new Wrapped { Value = s ?? "" };
            return s is not null;
        }
    }
}
