using System.Net;
using System.Text.Json;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>What came back: status, JSON, and whether it is that of an earlier request.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? Replayed)
{
    /// <summary>The JSON of a success.</summary>
    public JsonElement Ok()
    {
        Status.Should().Be(HttpStatusCode.OK, "the answer was {0}", Body);
        return Body;
    }

    /// <summary>The error of a refusal with a status.</summary>
    public JsonElement Error(HttpStatusCode status)
    {
        Status.Should().Be(status, "the answer was {0}", Body);
        return Body.GetProperty("error");
    }
}

internal static class JsonElementText
{
    /// <summary>Text of a string field.</summary>
    public static string Text(this JsonElement json, string field) => json.GetProperty(field).GetString()!;

    /// <summary>A field exactly as it was sent.</summary>
    public static string Raw(this JsonElement json, string field) => json.GetProperty(field).GetRawText();
}
