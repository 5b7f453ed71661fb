using Platform.Api.Errors;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos;

/// <summary>What callers are told where the tenant did not accept a request.</summary>
internal static class AcceptErrors
{
    /// <summary>The error of a refusal.</summary>
    public static ApiError Of(AcceptReply reply) => reply.Outcome switch
    {
        AcceptOutcome.IdempotencyConflict => ApiErrors.IdempotencyConflict(),
        AcceptOutcome.InProgress => ApiErrors.IdempotencyInProgress(),
        AcceptOutcome.InsufficientCredits => ApiErrors.InsufficientCredits(reply.Credits, reply.Available),
        AcceptOutcome.QueueFull => ApiErrors.QueueFull(),
        AcceptOutcome.NoAvailableChannel => ApiErrors.NoAvailableChannel(),
        AcceptOutcome.AboveLimit => ApiErrors.AboveLimit(reply.Credits, reply.Available),
        AcceptOutcome.QuoteExpired => ApiErrors.QuoteExpired(),
        AcceptOutcome.AboveQuote => ApiErrors.AboveQuote(reply.Credits, reply.Available),
        _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
    };
}
