using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>A place for one job at a provider account: the account lets so many run at once, and each has a number.</summary>
/// <param name="Account">The account, see <see cref="ProviderAccount.Key"/>.</param>
/// <param name="Number">Number of the place, from 1.</param>
public sealed record SlotClaim(string Account, int Number)
{
    /// <summary>Names it, for the fence that it is.</summary>
    public override string ToString() => $"{Account}#{Number}";
}

/// <summary>A slot that an attempt has, as it is committed.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Task">The task whose attempt it is.</param>
/// <param name="AttemptId">The attempt.</param>
/// <param name="TakenAt">Since when.</param>
public sealed record HeldSlot(SlotClaim Slot, TaskKey Task, string AttemptId, DateTimeOffset TakenAt);

/// <summary>Names provider accounts: two kinds of upstream may have accounts of one name.</summary>
public static class ProviderAccount
{
    /// <summary>The name of an account among all kinds of upstream: <c>kind/account</c>.</summary>
    public static string Key(string upstream, string account) => $"{upstream}/{account}";
}
