namespace Platform.Grains.Contracts;

/// <summary>
/// A tenant: its account, its places in flight and its queue. Every commit that moves its credits is written by this grain, on one
/// silo at a time; fences in the store hold where two should run for a moment. Key: the tenant's id.
/// </summary>
[Alias("platform.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Prices a validated request, reserves its credits and accepts it, in one commit. Repeating it with the same task id is harmless.</summary>
    [Alias("Accept")]
    Task<AcceptReply> Accept(AcceptTask command);

    /// <summary>Ends a task: its terminal state, its settlement, its message, in one commit. Repeating it is harmless.</summary>
    [Alias("Resolve")]
    Task<ResolveReply> Resolve(ResolveTask command);

    /// <summary>Books credits in. The same grant id again gives the same answer.</summary>
    [Alias("Grant")]
    Task<BookReply> Grant(GrantCredits command);

    /// <summary>What is committed of the account.</summary>
    [Alias("GetBalance")]
    Task<Balance> GetBalance();
}
