using System.Collections.Immutable;
using Platform.Domain.Credits;

namespace Platform.Grains.Contracts;

/// <summary>Requests to be accepted in one commit.</summary>
[GenerateSerializer, Immutable, Alias("platform.accept-batch")]
public sealed record AcceptBatch
{
    /// <summary>Id of the batch; made by the caller, so that a repeated call is recognised.</summary>
    [Id(0)]
    public required string BatchId { get; init; }

    /// <summary>The API key that asks.</summary>
    [Id(1)]
    public required string ApiKeyId { get; init; }

    /// <summary>The items, in the caller's order.</summary>
    [Id(2)]
    public required ImmutableArray<AcceptBatchItem> Items { get; init; }

    /// <summary>Whether one item that is refused refuses all.</summary>
    [Id(3)]
    public required bool AllOrNothing { get; init; }

    /// <summary>Most credits that all items together may reserve, or null.</summary>
    [Id(4)]
    public CreditAmount? MaxCredits { get; init; }

    /// <summary>The caller's idempotency key for the whole batch, or null.</summary>
    [Id(5)]
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 of the canonical body of the whole batch, hexadecimal.</summary>
    [Id(6)]
    public required string BodyDigest { get; init; }

    /// <inheritdoc cref="AcceptTask.AskedBy"/>
    [Id(7)]
    public string? AskedBy { get; init; }

    /// <summary>The key that its answer is kept under: the caller's, or one that no caller can send.</summary>
    public string AnswerKey => IdempotencyKey ?? AnswerKeyOf(BatchId);

    /// <summary>The key that the answer of a batch without a key of its caller's is kept under.</summary>
    public static string AnswerKeyOf(string batchId) => " " + batchId;
}

/// <summary>One item of a batch: a request, or what refused it before.</summary>
[GenerateSerializer, Immutable, Alias("platform.accept-batch-item")]
public sealed record AcceptBatchItem
{
    /// <summary>The request; without an idempotency key and a digest of its own.</summary>
    [Id(0)]
    public AcceptTask? Task { get; init; }

    /// <summary>The error object that refused it, as JSON, to be kept with the answer.</summary>
    [Id(1)]
    public string? Error { get; init; }
}

/// <summary>How a batch ended.</summary>
public enum AcceptBatchOutcome
{
    /// <summary>What could be accepted is committed; <see cref="AcceptBatchReply.Items"/> says what. With a partial batch that may be nothing.</summary>
    Accepted = 1,

    /// <summary>Nothing was accepted, because some items were refused and all or none were wanted.</summary>
    Refused = 2,

    /// <summary>This very batch was committed before; the answer is kept under <see cref="AcceptBatchReply.AnswerKey"/>.</summary>
    AlreadyAccepted = 3,

    /// <summary>An earlier request was committed; its answer is kept under <see cref="AcceptBatchReply.AnswerKey"/>.</summary>
    Replayed = 4,

    /// <summary>The idempotency key was used before with another body.</summary>
    IdempotencyConflict = 5,

    /// <summary>Another request with the same idempotency key has not ended within the time that one waits for it.</summary>
    InProgress = 6,
}

/// <summary>The answer to a batch.</summary>
[GenerateSerializer, Immutable, Alias("platform.accept-batch-reply")]
public sealed record AcceptBatchReply
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required AcceptBatchOutcome Outcome { get; init; }

    /// <summary>What became of each item, in order; null for one that was refused before. Empty unless accepted or refused.</summary>
    [Id(1)]
    public ImmutableArray<AcceptReply?> Items { get; init; } = [];

    /// <summary>When it was accepted.</summary>
    [Id(2)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where the answer is kept, with <see cref="AcceptBatchOutcome.AlreadyAccepted"/> and <see cref="AcceptBatchOutcome.Replayed"/>.</summary>
    [Id(3)]
    public string? AnswerKey { get; init; }

    /// <inheritdoc cref="AcceptReply.ByBody"/>
    [Id(4)]
    public bool ByBody { get; init; }
}

/// <summary>What became of the answers to requests without an idempotency key.</summary>
[GenerateSerializer, Immutable, Alias("platform.answer-report")]
public sealed record AnswerReport
{
    /// <summary>Ids of tasks and batches whose callers were answered.</summary>
    [Id(0)]
    public ImmutableArray<string> Answered { get; init; } = [];

    /// <summary>Ids of tasks and batches whose callers were not: they had gone, or were told that nobody knows.</summary>
    [Id(1)]
    public ImmutableArray<string> Lost { get; init; } = [];
}
