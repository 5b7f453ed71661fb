using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Usage;

/// <summary>What usage can be grouped by; any of them together.</summary>
[Flags]
public enum UsageDimensions
{
    /// <summary>One row for all.</summary>
    None = 0,

    /// <summary>The UTC day of the task's end; of its creation, where it has not ended.</summary>
    Day = 1,

    /// <summary>The model.</summary>
    Model = 2,

    /// <summary>The quality.</summary>
    Quality = 4,

    /// <summary>The API key that made the task.</summary>
    Key = 8,

    /// <summary>The status.</summary>
    Status = 16,

    /// <summary>The caller's own user.</summary>
    EndUser = 32,
}

/// <summary>
/// Which usage is added up. Tasks count where they ended, because that is when they were billed: the credits of a period are those of
/// its settlements in the ledger, and the figures of a period that is over never change. Tasks that have not ended are no usage yet;
/// they are counted, by their creation, only where the status is looked at.
/// </summary>
public sealed record UsageQuery
{
    /// <summary>Whose usage.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Tasks that ended at or after this time.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Tasks that ended before this time.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>What the rows are by.</summary>
    public required UsageDimensions GroupBy { get; init; }

    /// <summary>Only tasks of this status.</summary>
    public GenerationStatus? Status { get; init; }

    /// <summary>Most rows to return.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether tasks that have not ended are counted.</summary>
    public bool CountsUnfinished => Status is GenerationStatus.Pending or GenerationStatus.Processing
        || (Status is null && GroupBy.HasFlag(UsageDimensions.Status));
}

/// <summary>What a group of tasks came to. A property that was not grouped by is null.</summary>
public sealed record UsageRow
{
    /// <summary>The UTC day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The quality.</summary>
    public string? Quality { get; init; }

    /// <summary>Id of the API key.</summary>
    public string? Key { get; init; }

    /// <summary>The status.</summary>
    public GenerationStatus? Status { get; init; }

    /// <summary>The caller's own user; null also for tasks that name none.</summary>
    public string? EndUser { get; init; }

    /// <summary>Number of tasks.</summary>
    public required long Tasks { get; init; }

    /// <summary>How many of them completed.</summary>
    public required long Completed { get; init; }

    /// <summary>How many of them failed.</summary>
    public required long Failed { get; init; }

    /// <summary>How many of them were cancelled.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Seconds that were billed.</summary>
    public required long SecondsBilled { get; init; }

    /// <summary>Credits that were settled.</summary>
    public required CreditAmount CreditsUsed { get; init; }
}

/// <summary>Adds up what tenants used.</summary>
public interface IUsageReader
{
    /// <summary>Rows by the dimensions in their order, each ascending, those without a value first; one row of zeros at least where nothing is grouped.</summary>
    Task<IReadOnlyList<UsageRow>> ReadAsync(UsageQuery query, CancellationToken cancellationToken);
}
