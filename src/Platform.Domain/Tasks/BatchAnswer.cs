using System.Collections.Immutable;
using Platform.Domain.Credits;

namespace Platform.Domain.Tasks;

/// <summary>What became of a batch, kept in its commit, so that a repeat is answered alike.</summary>
/// <param name="BatchId">Id of the batch, <c>batch_…</c>.</param>
/// <param name="Items">Its items, in the caller's order.</param>
public sealed record BatchAnswer(string BatchId, ImmutableArray<BatchItemAnswer> Items);

/// <summary>What became of one item of a batch.</summary>
/// <param name="TaskId">The task that it became; null where it was refused.</param>
/// <param name="Refusal">Why it was refused; null for a task.</param>
public sealed record BatchItemAnswer(TaskId? TaskId, ItemRefusal? Refusal);

/// <summary>Why an item was refused.</summary>
/// <param name="Reason">The reason.</param>
public sealed record ItemRefusal(ItemRefusalReason Reason)
{
    /// <summary>Credits that the item needs, where credits refused it.</summary>
    public CreditAmount Needed { get; init; }

    /// <summary>Credits that could be spent, that the caller allowed, or that were quoted.</summary>
    public CreditAmount Available { get; init; }

    /// <summary>With <see cref="ItemRefusalReason.Invalid"/>: the error object, as it was told.</summary>
    public string? Error { get; init; }
}

/// <summary>Reasons to refuse an item of a batch.</summary>
public enum ItemRefusalReason
{
    /// <summary>The request itself is wrong; <see cref="ItemRefusal.Error"/> says how.</summary>
    Invalid = 1,

    /// <summary>More credits are needed than can be spent.</summary>
    InsufficientCredits = 2,

    /// <summary>Places in flight and queue are full.</summary>
    QueueFull = 3,

    /// <summary>No route could ever serve it.</summary>
    NoAvailableChannel = 4,

    /// <summary>More credits would be reserved than the caller allows.</summary>
    AboveLimit = 5,

    /// <summary>The quote has ended.</summary>
    QuoteExpired = 6,

    /// <summary>More credits would be reserved than was quoted.</summary>
    AboveQuote = 7,
}
