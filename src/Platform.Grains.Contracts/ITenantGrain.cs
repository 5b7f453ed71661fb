namespace Platform.Grains.Contracts;

/// <summary>
/// A tenant: its account, its places in flight and its queue. Every commit that moves its credits is written by this grain, on one
/// silo at a time; fences in the store hold where two should run for a moment. Key: the tenant's id.
/// </summary>
[Alias("platform.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>
    /// How long a caller waits for an accept. A message that is older is never delivered, so that nothing is accepted whose caller was told
    /// that nobody knows, and who has asked again.
    /// </summary>
    const string AcceptPatience = "00:00:20";

    /// <summary>Prices a validated request, reserves its credits and accepts it, in one commit. Repeating it with the same task id is harmless.</summary>
    [Alias("Accept"), ResponseTimeout(AcceptPatience)]
    Task<AcceptReply> Accept(AcceptTask command);

    /// <summary>Accepts the items of a batch in one commit, all or as many as can be. Repeating it with the same batch id is harmless.</summary>
    [Alias("AcceptBatch"), ResponseTimeout(AcceptPatience)]
    Task<AcceptBatchReply> AcceptBatch(AcceptBatch command);

    /// <summary>Tells what became of answers to requests without an idempotency key. Repeating it is harmless.</summary>
    [Alias("Report")]
    Task Report(AnswerReport report);

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
