using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Api.Tasks;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Api.Videos;

/// <summary>What the creates promise.</summary>
internal static class GenerationOperations
{
    public static Operation Create(ICatalog catalog) => new("createVideo", Topic.Videos, "Create a task")
    {
        Description = """
            Checks the parameters and the inputs, reserves the price of the longest video that can come of it, and answers with the task. Nothing
            is charged until the video is there; what it really cost is settled by its length, and the rest is given back.

            Send an `Idempotency-Key`: the same key with the same body answers with the first task, flagged `idempotency-replayed`, and charges
            nothing more. Keys are kept for at least 24 hours; refusals are not. Where a request without a key was not answered, the same body
            with the same API key gives its task for 10 minutes, flagged `idempotency-replayed: body`.

            With a `quote_id` of an estimate its price holds; with `max_credits` no more is reserved.
            """,
        Inputs = [IdempotencyKey.Input],
        Body = Content.Models(catalog.Models, ("page", GenerationExamples.Page), ("page_1080p_with_element", GenerationExamples.PageWithElement)),
        Answers =
        [
            Answer.Json("The task.", ApiJson.Wire.TaskObject, ("page", TaskExamples.Pending)) with { Headers = [AnswerHeader.IdempotencyReplayed] },
        ],
        Refusals =
        [
            ApiErrors.InvalidIdempotencyKey(),
            ApiErrors.QuoteForged(),
            ApiErrors.QuoteExpired(),
            ApiErrors.QuoteMismatch(),
            ApiErrors.InsufficientCredits(CreditAmount.From(40.824m), CreditAmount.From(12.5m)),
            ApiErrors.AboveLimit(CreditAmount.From(40.824m), CreditAmount.From(40m)),
            ApiErrors.AboveQuote(CreditAmount.From(48.9888m), CreditAmount.From(40.824m)),
            ApiErrors.IdempotencyInProgress(),
            ApiErrors.IdempotencyConflict(),
            ApiErrors.QueueFull(),
            ApiErrors.NoAvailableChannel(),
            ApiErrors.OutcomeUnknown(),
        ],
    };
}
