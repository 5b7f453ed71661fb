namespace Platform.Domain.Tenants;

/// <summary>How much of a tenant's work is taken on at once.</summary>
/// <param name="TasksInFlight">Most tasks that run at once; 1 or more.</param>
/// <param name="QueueLength">Most accepted tasks that wait for a place; 0 or more.</param>
public sealed record AdmissionLimits(int TasksInFlight, int QueueLength)
{
    /// <summary>What holds where neither group nor tenant say anything (product.md section 9).</summary>
    public static AdmissionLimits Default { get; } = new(20, 1000);
}
