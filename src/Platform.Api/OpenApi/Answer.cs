using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Platform.Api.OpenApi;

/// <summary>An answer that is no refusal.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Description">What it means, in Markdown.</param>
/// <param name="Contents">What it may hold; the first is what a caller gets who asks for nothing. Empty for no content.</param>
internal sealed record Answer(int Status, string Description, params IReadOnlyList<Content> Contents)
{
    /// <summary>Headers beside those that every answer has.</summary>
    public IReadOnlyList<AnswerHeader> Headers { get; init; } = [];

    /// <summary>200 with JSON of a wire type, and examples by name.</summary>
    public static Answer Json<T>(string description, JsonTypeInfo<T> type, params IReadOnlyList<(string Name, T Value)> examples) =>
        new(StatusCodes.Status200OK, description, Content.Json(type, examples));
}

/// <summary>A header of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="Description">What it says, in Markdown.</param>
internal sealed record AnswerHeader(string Name, JsonObject Schema, string Description)
{
    public static readonly AnswerHeader RequestId = new(
        "x-request-id", OpenApi.Schema.Pattern("^req_[a-z0-9]{20}$"), "Id of this request, for the operator's logs.");

    public static readonly AnswerHeader CacheControl = new("Cache-Control", OpenApi.Schema.Text(), "How long the answer may be kept, and by whom.");

    public static readonly AnswerHeader Vary = new("Vary", OpenApi.Schema.Text(), "The request headers on which the answer depends.");

    public static readonly AnswerHeader ETag = new("ETag", OpenApi.Schema.Text(), "Name of this version; send it back as `If-None-Match`, and what has not changed is a 304.");

    public static readonly AnswerHeader RetryAfter = new(
        "Retry-After", OpenApi.Schema.Integer(1, 86_400), "Seconds after which the same request may be sent again.");

    public static readonly AnswerHeader ShouldRetry = new(
        "x-should-retry", OpenApi.Schema.OneOf("false"), "There where sending the same again would change nothing.");

    public static readonly AnswerHeader Authenticate = new("WWW-Authenticate", OpenApi.Schema.OneOf("Bearer"), "The scheme by which to send a key.");

    public static readonly AnswerHeader IdempotencyReplayed = new(
        "idempotency-replayed",
        OpenApi.Schema.OneOf("true", "body"),
        "There where the answer is that of an earlier request, which its key told (`true`) or its body; nothing was charged again.");

    public static readonly AnswerHeader ContentDisposition = new("Content-Disposition", OpenApi.Schema.Text(), "A name for the file.");

    public static readonly AnswerHeader ContentSecurityPolicy = new("Content-Security-Policy", OpenApi.Schema.Text(), "Keeps a browser from running the content.");

    public static readonly AnswerHeader ContentTypeOptions = new(
        "X-Content-Type-Options", OpenApi.Schema.OneOf("nosniff"), "Keeps a browser from guessing another type.");

    /// <summary>Those of every answer.</summary>
    public static IReadOnlyList<AnswerHeader> OfAll { get; } = [RequestId];
}
