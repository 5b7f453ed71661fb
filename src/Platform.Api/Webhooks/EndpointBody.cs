using System.Collections.Immutable;
using System.Text.Json;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>What a body says of an endpoint; what it does not name stays as it is.</summary>
internal sealed record EndpointBody
{
    /// <summary>Stands for all types of events.</summary>
    public const string AllEvents = "*";

    public string? Url { get; private init; }

    public string? Description { get; private init; }

    public ImmutableArray<string>? Events { get; private init; }

    public bool? Enabled { get; private init; }

    /// <summary>Reads a body, or says what is wrong with it.</summary>
    public static (EndpointBody? Body, ParameterViolation? Violation) Read(JsonElement root, IOutboundUrls urls)
    {
        var body = new EndpointBody();
        foreach (var property in root.EnumerateObject())
        {
            var value = property.Value;
            ParameterViolation? violation;
            (body, violation) = property.Name switch
            {
                "url" => ReadUrl(body, value, urls),
                "description" => ReadDescription(body, value),
                "events" => ReadEvents(body, value),
                "enabled" => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? (body with { Enabled = value.GetBoolean() }, null)
                    : (body, new("enabled", "'enabled' must be true or false.")),
                _ => (body, JsonObjectBody.Unknown(property.Name, "url, description, events, enabled")),
            };
            if (violation is not null)
            {
                return (null, violation);
            }
        }

        return (body, null);
    }

    /// <summary>The endpoint with what the body says.</summary>
    public WebhookEndpoint ApplyTo(WebhookEndpoint endpoint, DateTimeOffset now)
    {
        var changed = endpoint with
        {
            Url = Url ?? endpoint.Url,
            Description = Description ?? endpoint.Description,
            Events = Events ?? endpoint.Events,
        };
        return Enabled switch
        {
            true => changed with { DisabledReason = null, DisabledAt = null },
            false when endpoint.IsEnabled => changed with { DisabledReason = EndpointDisabledReason.ByTenant, DisabledAt = now },
            _ => changed,
        };
    }

    private static (EndpointBody, ParameterViolation?) ReadUrl(EndpointBody body, JsonElement value, IOutboundUrls urls)
    {
        if (Text(value) is not { } url)
        {
            return (body, new("url", "'url' must be a string."));
        }

        return urls.Refuse(url) is { } refusal ? (body, new("url", $"'url' is refused: {refusal}")) : (body with { Url = url }, null);
    }

    private static (EndpointBody, ParameterViolation?) ReadDescription(EndpointBody body, JsonElement value) =>
        Text(value) is { Length: <= WebhookEndpoint.MaxDescriptionLength } text && !text.Contains('\0', StringComparison.Ordinal)
            ? (body with { Description = text }, null)
            : (body, new("description", $"'description' must be a string of at most {WebhookEndpoint.MaxDescriptionLength} characters."));

    private static (EndpointBody, ParameterViolation?) ReadEvents(EndpointBody body, JsonElement value)
    {
        var violation = new ParameterViolation(
            "events", $"'events' must be an array of one or more of {string.Join(", ", WebhookEvents.Selectable)}, or [\"{AllEvents}\"].");
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > 32)
        {
            return (body, violation);
        }

        var events = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (Text(item) is not { } name
                || !(string.Equals(name, AllEvents, StringComparison.Ordinal) || WebhookEvents.Selectable.Contains(name, StringComparer.Ordinal)))
            {
                return (body, violation);
            }

            events.Add(name);
        }

        return (body with { Events = events.Contains(AllEvents, StringComparer.Ordinal) ? [] : [.. events.Distinct(StringComparer.Ordinal)] }, null);
    }

    // Half of a surrogate pair is valid JSON, but no text.
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
