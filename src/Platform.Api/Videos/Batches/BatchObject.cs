using Platform.Api.Errors;
using Platform.Api.Tasks;
using Platform.Domain.Credits;

namespace Platform.Api.Videos.Batches;

/// <summary>What became of a batch.</summary>
internal sealed record BatchObject
{
    public string Object { get; init; } = "video.generation.batch";

    public required string Id { get; init; }

    /// <summary>When it was accepted (unix seconds).</summary>
    public required long Created { get; init; }

    /// <summary>Number of items that became tasks.</summary>
    public required int Accepted { get; init; }

    /// <summary>Number of items that were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>What all tasks together have reserved.</summary>
    public required CreditAmount CreditsReserved { get; init; }

    /// <summary>All items, in the order in which they were sent.</summary>
    public required IReadOnlyList<BatchItemObject> Data { get; init; }
}

/// <summary>What became of an item: a task, or an error.</summary>
/// <param name="Index">Its place in <c>items</c>, from 0.</param>
/// <param name="Task">The task; absent where it was refused.</param>
/// <param name="Error">Why it was refused; absent with a task.</param>
internal sealed record BatchItemObject(int Index, TaskObject? Task, ApiErrorObject? Error);
