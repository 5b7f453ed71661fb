using System.ComponentModel.DataAnnotations;
using Platform.Domain.Credits;

namespace Platform.Api.Usage;

/// <summary>What the caller used. <c>from</c> and <c>to</c> are unix seconds, the end excluded.</summary>
/// <param name="From">Begin.</param>
/// <param name="To">End, itself excluded.</param>
/// <param name="GroupBy">What was grouped by.</param>
/// <param name="Data">The groups.</param>
/// <param name="Total">Their sum.</param>
internal sealed record UsageObject(long From, long To, IReadOnlyList<string> GroupBy, IReadOnlyList<UsageRowObject> Data, UsageRowObject Total)
{
    /// <summary>What this is.</summary>
    [AllowedValues("usage")]
    public string Object { get; init; } = "usage";
}

/// <summary>
/// A group of tasks. Of the dimensions it has those that were grouped by; <c>end_user</c> is absent also for tasks that name none.
/// </summary>
internal sealed record UsageRowObject
{
    /// <summary>The UTC day, such as <c>2026-11-23</c>.</summary>
    public string? Day { get; init; }

    /// <summary>Name of the model.</summary>
    public string? Model { get; init; }

    /// <summary>The quality.</summary>
    public string? Quality { get; init; }

    /// <summary>Id of the API key.</summary>
    public string? Key { get; init; }

    /// <summary>The status.</summary>
    [AllowedValues("pending", "processing", "completed", "failed", "cancelled")]
    public string? Status { get; init; }

    /// <summary>Your own user.</summary>
    public string? EndUser { get; init; }

    /// <summary>How many tasks.</summary>
    public required long Tasks { get; init; }

    /// <summary>Of these, completed.</summary>
    public required long Completed { get; init; }

    /// <summary>Failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Cancelled.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Seconds that were billed.</summary>
    public required long SecondsBilled { get; init; }

    /// <summary>Credits that were used.</summary>
    public required CreditAmount CreditsUsed { get; init; }
}
