using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Contracts;

/// <summary>A validated request to be accepted.</summary>
[GenerateSerializer, Immutable, Alias("platform.accept-task")]
public sealed record AcceptTask
{
    /// <summary>Id that the task will have; made by the caller, so that a repeated call is recognised.</summary>
    [Id(0)]
    public required TaskId TaskId { get; init; }

    /// <summary>The API key that asks.</summary>
    [Id(1)]
    public required string ApiKeyId { get; init; }

    /// <summary>What is asked for.</summary>
    [Id(2)]
    public required GenerationRequest Request { get; init; }

    /// <summary>Length of the motion clip in seconds, or null where it is not known: then the cap is reserved.</summary>
    [Id(3)]
    public decimal? InspectedSeconds { get; init; }

    /// <summary>The caller's idempotency key, or null.</summary>
    [Id(4)]
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// SHA-256 of the canonical body, hexadecimal; needed with a key. Without one it tells a request that is sent again, because nobody
    /// knows whether the first was answered; null: it is never taken for another.
    /// </summary>
    [Id(5)]
    public string? BodyDigest { get; init; }

    /// <summary>What the caller allows to be reserved.</summary>
    [Id(6)]
    public SpendingTerms? Terms { get; init; }

    /// <summary>The process that will answer the caller; another than the first one's may have to do with that one's death.</summary>
    [Id(7)]
    public string? AskedBy { get; init; }
}

/// <summary>What a caller allows to be reserved, and at which price.</summary>
[GenerateSerializer, Immutable, Alias("platform.spending-terms")]
public sealed record SpendingTerms
{
    /// <summary>A quote that was found to be good and to fit; whether it still holds is judged when the task is accepted. Null for none.</summary>
    [Id(0)]
    public Quote? Quote { get; init; }

    /// <summary>Most credits, or null.</summary>
    [Id(1)]
    public CreditAmount? MaxCredits { get; init; }
}

/// <summary>How an accept ended.</summary>
public enum AcceptOutcome
{
    /// <summary>The task is committed.</summary>
    Accepted = 1,

    /// <summary>The idempotency key was used before with the same body; <see cref="AcceptReply.TaskId"/> is the first task.</summary>
    Replayed = 2,

    /// <summary>The idempotency key was used before with another body.</summary>
    IdempotencyConflict = 3,

    /// <summary>More credits are needed than can be spent.</summary>
    InsufficientCredits = 4,

    /// <summary>Places in flight and queue are full.</summary>
    QueueFull = 5,

    /// <summary>No route could ever serve it.</summary>
    NoAvailableChannel = 6,

    /// <summary>Another request with the same idempotency key has not ended within the time that one waits for it.</summary>
    InProgress = 7,

    /// <summary>More would be reserved (<see cref="AcceptReply.Credits"/>) than the caller allows (<see cref="AcceptReply.Available"/>).</summary>
    AboveLimit = 8,

    /// <summary>The quote has ended.</summary>
    QuoteExpired = 9,

    /// <summary>More would be reserved (<see cref="AcceptReply.Credits"/>) than was quoted (<see cref="AcceptReply.Available"/>).</summary>
    AboveQuote = 10,
}

/// <summary>The answer to an accept.</summary>
[GenerateSerializer, Immutable, Alias("platform.accept-reply")]
public sealed record AcceptReply
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required AcceptOutcome Outcome { get; init; }

    /// <summary>The task: the new one, or the first one of a replay.</summary>
    [Id(1)]
    public TaskId? TaskId { get; init; }

    /// <summary>When it was accepted.</summary>
    [Id(2)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Credits that were reserved; with <see cref="AcceptOutcome.InsufficientCredits"/> those that are needed.</summary>
    [Id(3)]
    public CreditAmount Credits { get; init; }

    /// <summary>Credits that could be spent, with <see cref="AcceptOutcome.InsufficientCredits"/>.</summary>
    [Id(4)]
    public CreditAmount Available { get; init; }

    /// <summary>User group by which it was priced.</summary>
    [Id(5)]
    public string? UserGroup { get; init; }

    /// <summary>With <see cref="AcceptOutcome.Replayed"/>: it was the body that told, for there was no key.</summary>
    [Id(6)]
    public bool ByBody { get; init; }
}

/// <summary>How a task is to end.</summary>
public enum TaskEnd
{
    /// <summary>With the video in <see cref="ResolveTask.Result"/>.</summary>
    Complete = 1,

    /// <summary>With the error in <see cref="ResolveTask.Error"/>.</summary>
    Fail = 2,

    /// <summary>Cancelled.</summary>
    Cancel = 3,
}

/// <summary>A task that is to end. The tenant decides it anew on what is committed.</summary>
[GenerateSerializer, Immutable, Alias("platform.resolve-task")]
public sealed record ResolveTask
{
    /// <summary>The task.</summary>
    [Id(0)]
    public required TaskId TaskId { get; init; }

    /// <summary>The version of the task that the end was decided on; another version makes it stale.</summary>
    [Id(1)]
    public required long TaskVersion { get; init; }

    /// <summary>How it ends.</summary>
    [Id(2)]
    public required TaskEnd End { get; init; }

    /// <summary>The video, with <see cref="TaskEnd.Complete"/>.</summary>
    [Id(3)]
    public StoredResult? Result { get; init; }

    /// <summary>The error, with <see cref="TaskEnd.Fail"/>.</summary>
    [Id(4)]
    public TaskError? Error { get; init; }

    /// <summary>What the upstream said, for the operator.</summary>
    [Id(5)]
    public UpstreamFault? Fault { get; init; }

    /// <summary>Whether the upstream confirmed that it stopped the attempt, with <see cref="TaskEnd.Cancel"/>.</summary>
    [Id(6)]
    public bool UpstreamStopped { get; init; }
}

/// <summary>How a resolve ended.</summary>
public enum ResolveOutcome
{
    /// <summary>The task has ended as was asked, now or by the same call before.</summary>
    Resolved = 1,

    /// <summary>The task had ended before, perhaps otherwise; that end stands.</summary>
    AlreadyEnded = 2,

    /// <summary>The task has moved on since; the caller must look again.</summary>
    Stale = 3,
}

/// <summary>The answer to a resolve.</summary>
[GenerateSerializer, Immutable, Alias("platform.resolve-reply")]
public sealed record ResolveReply
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required ResolveOutcome Outcome { get; init; }
}

/// <summary>Credits to book in.</summary>
[GenerateSerializer, Immutable, Alias("platform.grant-credits")]
public sealed record GrantCredits
{
    /// <summary>Id of the grant; the same id again is the same grant.</summary>
    [Id(0)]
    public required string GrantId { get; init; }

    /// <summary>Credits; more than zero.</summary>
    [Id(1)]
    public required CreditAmount Amount { get; init; }

    /// <summary>When what is left expires; null for never.</summary>
    [Id(2)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why, for the statement.</summary>
    [Id(3)]
    public string? Note { get; init; }
}

/// <summary>How a booking ended.</summary>
public enum BookOutcome
{
    /// <summary>It is committed, now or by the same call before.</summary>
    Booked = 1,

    /// <summary>The id was used before for something else.</summary>
    Conflict = 2,

    /// <summary>The amount cannot be booked; see <see cref="BookReply.Reason"/>.</summary>
    Refused = 3,
}

/// <summary>The answer to a booking.</summary>
[GenerateSerializer, Immutable, Alias("platform.book-reply")]
public sealed record BookReply
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required BookOutcome Outcome { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}

/// <summary>What is committed of an account.</summary>
[GenerateSerializer, Immutable, Alias("platform.balance")]
public sealed record Balance
{
    /// <summary>Credits that can be spent now.</summary>
    [Id(0)]
    public required CreditAmount Available { get; init; }

    /// <summary>Credits that are set aside for tasks.</summary>
    [Id(1)]
    public required CreditAmount Held { get; init; }

    /// <summary>Credits that were used so far.</summary>
    [Id(2)]
    public required CreditAmount Settled { get; init; }
}
