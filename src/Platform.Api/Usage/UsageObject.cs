using Platform.Domain.Credits;

namespace Platform.Api.Usage;

/// <summary>What the caller used. <c>from</c> and <c>to</c> are unix seconds, the end excluded.</summary>
internal sealed record UsageObject(long From, long To, IReadOnlyList<string> GroupBy, IReadOnlyList<UsageRowObject> Data, UsageRowObject Total)
{
    public string Object { get; init; } = "usage";
}

/// <summary>
/// A group of tasks. Of the dimensions it has those that were grouped by; <c>end_user</c> is absent also for tasks that name none.
/// </summary>
internal sealed record UsageRowObject
{
    /// <summary>The UTC day, such as <c>2026-11-23</c>.</summary>
    public string? Day { get; init; }

    public string? Model { get; init; }

    public string? Quality { get; init; }

    /// <summary>Id of the API key.</summary>
    public string? Key { get; init; }

    public string? Status { get; init; }

    public string? EndUser { get; init; }

    public required long Tasks { get; init; }

    public required long Completed { get; init; }

    public required long Failed { get; init; }

    public required long Cancelled { get; init; }

    public required long SecondsBilled { get; init; }

    public required CreditAmount CreditsUsed { get; init; }
}
