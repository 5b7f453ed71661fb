using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Domain.Catalog;

namespace Platform.Api.Webhooks;

/// <summary>Reads bodies; what is wrong with them is answered here.</summary>
internal static class JsonObjectBody
{
    /// <summary>Reads a body by a function; null where it was refused, which the caller has been told.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, Func<JsonElement, (T? Value, ParameterViolation? Violation)> read)
        where T : class
    {
        var body = await RequestBody.ReadJsonAsync(context);
        using var document = body.Document;
        if (document is null)
        {
            await ErrorResponse.WriteAsync(context, body.Error!);
            return null;
        }

        var (value, violation) = document.RootElement.ValueKind == JsonValueKind.Object
            ? read(document.RootElement)
            : (null, new("", "The body must be a JSON object."));
        if (violation is not null)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return null;
        }

        return value;
    }

    /// <summary>Refuses every field but one, which may be absent.</summary>
    public static (T? Value, ParameterViolation? Violation) Only<T>(
        JsonElement root, string name, T otherwise, Func<JsonElement, (T? Value, ParameterViolation? Violation)> read)
        where T : class
    {
        var found = (Value: (T?)otherwise, Violation: (ParameterViolation?)null);
        foreach (var property in root.EnumerateObject())
        {
            if (!property.NameEquals(name))
            {
                return (null, Unknown(property.Name, name));
            }

            found = read(property.Value);
        }

        return found;
    }

    /// <summary>Says that a field is none of those that there are.</summary>
    public static ParameterViolation Unknown(string name, string allowed) =>
        new(ParameterName.Shown(name), $"'{ParameterName.Shown(name)}' is not a parameter; allowed: {allowed}.");
}
