using Platform.Domain.Credits;

namespace Platform.Domain.Tests.Credits;

/// <summary>The two functions that make an account, so that a test can plant a fault in either.</summary>
internal sealed record AccountRules(
    Func<Account, AccountCommand, Decision<AccountEvent, AccountRefusal>> Decide, Func<Account, AccountEvent, Account> Evolve)
{
    public static AccountRules Real { get; } = new(AccountDecider.Decide, AccountDecider.Evolve);

    /// <summary>The same rules, with the events of each decision changed.</summary>
    public AccountRules WithEvents(Func<Account, AccountCommand, IEnumerable<AccountEvent>, IEnumerable<AccountEvent>> change) => this with
    {
        Decide = (account, command) =>
        {
            var decision = Decide(account, command);
            return decision.Refusal is null
                ? Decision<AccountEvent, AccountRefusal>.Of([.. change(account, command, decision.Events)])
                : decision;
        },
    };
}
