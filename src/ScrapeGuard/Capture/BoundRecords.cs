using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Capture;

/// <summary>
/// Where an action, or a handler of a Razor Page, binds the record that it shows. Its parameters and properties are the same at every request, so they are
/// looked through once.
/// </summary>
internal sealed class BoundRecords
{
    private static readonly ConditionalWeakTable<object, BoundRecords> Known = [];

    private readonly string name;
    private readonly BoundRecord[] bound;

    private BoundRecords(string name, ActionDescriptor action, IEnumerable<ParameterDescriptor> parameters, IModelMetadataProvider models)
    {
        this.name = name;
        bound = [.. parameters.Concat(action.BoundProperties).Select(descriptor => BoundRecord.Find(descriptor, name, models)).OfType<BoundRecord>()];
    }

    /// <param name="name">What the record is called.</param>
    /// <param name="context">The request.</param>
    /// <param name="handler">The action or the handler: one that is the same at the next request.</param>
    /// <param name="parameters">Its parameters.</param>
    public static BoundRecords Of(string name, ActionContext context, object handler, IEnumerable<ParameterDescriptor> parameters)
    {
        // Other settings may call the record otherwise.
        if (Known.TryGetValue(handler, out var known) && known.name == name)
            return known;
        var models = context.HttpContext.RequestServices.GetRequiredService<IModelMetadataProvider>();
        known = new BoundRecords(name, context.ActionDescriptor, parameters, models);
        Known.AddOrUpdate(handler, known);
        return known;
    }

    /// <summary>Counts the view with every record that was bound: each of them may be shown.</summary>
    public ValueTask<ScrapeGuardAssessment> CountAsync(
        GuardedRequest request, ActionContext context, IDictionary<string, object?> arguments, object instance)
    {
        // Nearly all pages bind one, and need no list for it.
        if (bound.Length == 1 && bound[0].TryRead(context, arguments, instance, out var only) && IsTelling(only))
            return request.CountPageAsync(only);
        var records = new List<object?>(bound.Length + 1);
        var isTold = true;
        foreach (var record in bound)
        {
            if (!record.TryRead(context, arguments, instance, out var value))
                continue;
            records.Add(value);
            isTold &= IsTelling(value);
        }

        if (records.Count == 0 || !isTold)
            records.Add(RequestedRecord.Of(context.HttpContext, request.Page!));
        return request.CountPageOfSeveralAsync(records);
    }

    /// <summary>Whether a value says what it is: a type of the portal's that does not leaves the text it was made of.</summary>
    private static bool IsTelling(object? value) =>
        value is null or string or IFormattable or IEnumerable || value.ToString() != value.GetType().ToString();
}
