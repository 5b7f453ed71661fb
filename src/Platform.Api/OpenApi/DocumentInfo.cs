using System.Text.Json.Nodes;

namespace Platform.Api.OpenApi;

/// <summary>The head of the document.</summary>
internal static class DocumentInfo
{
    private const string Description = """
        AI video generation through one asynchronous API, from prepaid credits.

        1. **Create** a task: `POST /v1/videos/generations`. Its price is reserved; the answer is the task.
        2. **Follow** it: `GET /v1/tasks/{id}`, or all of them through `GET /v1/tasks/events`. It ends exactly once.
        3. **Take** the video from `results[0]`. What it really cost is settled, the rest of the reservation is given back; a task that fails or is cancelled costs nothing.

        Send the key as `Authorization: Bearer sk-…`. Every refusal is an error object with a `code` that does not change, and problem details
        where `Accept` asks for `application/problem+json`. Every answer carries `x-request-id`. Give each create an `Idempotency-Key`:
        then sending it again is safe, whatever happened to the answer.
        """;

    public static JsonObject ToJson() => new()
    {
        ["title"] = "Platform",
        ["version"] = "1.0.0",
        ["summary"] = "AI video generation through one asynchronous API.",
        ["description"] = Description,
        ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
    };
}
