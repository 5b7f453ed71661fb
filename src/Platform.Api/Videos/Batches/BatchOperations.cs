using System.Text.Json.Nodes;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Api.Tasks;
using Platform.Domain.Credits;

namespace Platform.Api.Videos.Batches;

/// <summary>What the batch create promises.</summary>
internal static class BatchOperations
{
    public static readonly Operation Create = new("createVideos", Topic.Videos, "Create many tasks at once")
    {
        Description = """
            Up to 100 tasks in one commit: one clip with many characters, for example. Parameters that all share stand at the top; `items` have
            what each has of its own, which takes the place of the shared one. `model_params` and `metadata` are put together field by field, and
            a null takes a shared parameter away. An input that several name is looked at once.

            With `all_or_nothing` one item that is refused refuses all: the error is that of the first, and `items` has that of each. With
            `partial` the answer has a task or an error for each item; they are accepted in order, as far as credits and places reach.
            An `Idempotency-Key` is for the whole batch, and a repeat gets the same answer.
            """,
        Inputs = [IdempotencyKey.Input],
        Body = Content.Of(
            new()
            {
                ["type"] = "object",
                ["description"] = "Beside these, each parameter of a create that all items share.",
                ["properties"] = new JsonObject
                {
                    ["items"] = new JsonObject
                    {
                        ["type"] = "array",
                        ["description"] = "What each item has of its own: parameters of a create.",
                        ["items"] = new JsonObject { ["type"] = "object" },
                        ["minItems"] = 1,
                        ["maxItems"] = BatchRequest.MaxItems,
                    },
                    ["mode"] = new JsonObject
                    {
                        ["type"] = new JsonArray("string", "null"),
                        ["description"] = "Whether one item that is refused refuses all.",
                        ["enum"] = new JsonArray(BatchRequest.AllOrNothingMode, BatchRequest.PartialMode, null),
                        ["default"] = BatchRequest.AllOrNothingMode,
                    },
                    ["max_credits"] = new JsonObject
                    {
                        ["type"] = new JsonArray("number", "null"),
                        ["description"] = "Most credits that all items together may reserve.",
                        ["minimum"] = 0,
                        ["maximum"] = CreditAmount.Limit,
                    },
                },
                ["required"] = new JsonArray("items"),
            },
            ("characters", """
                {
                  "model": "kling-v3-motion-control",
                  "video_urls": "https://example.com/dance.mp4",
                  "quality": "720p",
                  "model_params": {"character_orientation": "image"},
                  "mode": "partial",
                  "items": [
                    {"image_urls": "https://example.com/anna.png", "metadata": {"character": "anna"}},
                    {"image_urls": "https://example.com/ben.png", "metadata": {"character": "ben"}, "quality": "1080p"}
                  ]
                }
                """)),
        Answers =
        [
            Answer.Json("What became of each item.", ApiJson.Wire.BatchObject, ("characters", Example)) with { Headers = [AnswerHeader.IdempotencyReplayed] },
        ],
        Refusals =
        [
            ApiErrors.InvalidIdempotencyKey(),
            ApiErrors.QuoteForged(),
            ApiErrors.QuoteExpired(),
            ApiErrors.QuoteMismatch(),
            ApiErrors.InsufficientCredits(CreditAmount.From(40.824m), CreditAmount.From(12.5m)),
            ApiErrors.AboveLimit(CreditAmount.From(122.472m), CreditAmount.From(100m)),
            ApiErrors.AboveQuote(CreditAmount.From(48.9888m), CreditAmount.From(40.824m)),
            ApiErrors.IdempotencyInProgress(),
            ApiErrors.IdempotencyConflict(),
            ApiErrors.QueueFull(),
            ApiErrors.NoAvailableChannel(),
            ApiErrors.OutcomeUnknown(),
        ],
    };

    private static BatchObject Example => new()
    {
        Id = "batch_7k2mpw9xq4cdnt8r",
        Created = TaskExamples.Pending.Created,
        Accepted = 1,
        Refused = 1,
        CreditsReserved = CreditAmount.From(40.824m),
        Data =
        [
            new(0, TaskExamples.Pending with { BatchId = "batch_7k2mpw9xq4cdnt8r" }, null),
            new(1, null, ApiErrorObject.Of(
                ApiErrors.InsufficientCredits(CreditAmount.From(54.4184m), CreditAmount.From(12.5m)), "req_7k2mpw9xq4cdnt8rhvs3")),
        ],
    };
}
