namespace Platform.Domain.ServiceLevels;

/// <summary>How many tasks of a model ended in an hour, one way, after one time.</summary>
/// <param name="Model">The model.</param>
/// <param name="Hour">Start of the UTC hour in which they ended.</param>
/// <param name="Completed">Whether they completed; else they failed.</param>
/// <param name="Tenths">Time from creation to end, in tenths of a second, to the nearest.</param>
/// <param name="Count">How many; 1 or more.</param>
public sealed record EndCount(string Model, DateTimeOffset Hour, bool Completed, long Tenths, long Count);

/// <summary>Reads how the service does, over all tenants: counts only, nothing that names or belongs to a tenant.</summary>
public interface IServiceLevelReader
{
    /// <summary>
    /// Counts the tasks that completed or failed from <paramref name="from"/> until before <paramref name="to"/>. Cancelled ones are left
    /// out, for they say nothing of the service; so are those of test keys, which fail at their owner's wish.
    /// </summary>
    Task<IReadOnlyList<EndCount>> CountEndsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}
