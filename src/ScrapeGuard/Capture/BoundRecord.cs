using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace ScrapeGuard.Capture;

/// <summary>One parameter or property that bears the name of the record: itself, or a property of the model that is bound to it.</summary>
internal sealed class BoundRecord
{
    private readonly ParameterDescriptor descriptor;
    private readonly PropertyInfo? ofInstance;
    private readonly Func<object, object?>? ofModel;

    private BoundRecord(ParameterDescriptor descriptor, Func<object, object?>? ofModel)
    {
        this.descriptor = descriptor;
        this.ofModel = ofModel;
        ofInstance = descriptor switch
        {
            PageBoundPropertyDescriptor page => page.Property,
            ControllerBoundPropertyDescriptor controller => controller.PropertyInfo,
            _ => null,
        };
    }

    /// <summary>Null for what does not bear the name.</summary>
    public static BoundRecord? Find(ParameterDescriptor descriptor, string name, IModelMetadataProvider models)
    {
        if (IsNamed(descriptor, name))
            return new BoundRecord(descriptor, null);
        var model = models.GetMetadataForType(descriptor.ParameterType);
        if (model.IsEnumerableType)
            return null;
        var property = model.Properties.FirstOrDefault(property => IsEqual(property.BinderModelName ?? property.PropertyName, name));
        return property?.PropertyGetter is { } get ? new BoundRecord(descriptor, get) : null;
    }

    public static bool IsNamed(ParameterDescriptor descriptor, string name) =>
        IsEqual(descriptor.Name, name) || IsEqual(descriptor.BindingInfo?.BinderModelName, name);

    /// <summary>What was bound; false where this request binds nothing here.</summary>
    public bool TryRead(ActionContext context, IDictionary<string, object?> arguments, object instance, out object? value)
    {
        value = null;

        // A property that is bound on POST only says nothing on GET.
        if (ofInstance is not null && descriptor.BindingInfo?.RequestPredicate?.Invoke(context) == false)
            return false;
        value = ofInstance is null ? arguments.TryGetValue(descriptor.Name, out var argument) ? argument : null : ofInstance.GetValue(instance);
        if (ofModel is null)
            return true;
        if (value is null)
            return false;
        value = ofModel(value);
        return true;
    }

    private static bool IsEqual(string? given, string name) => string.Equals(given, name, StringComparison.OrdinalIgnoreCase);
}
