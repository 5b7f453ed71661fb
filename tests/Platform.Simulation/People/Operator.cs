using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Grains.Tenants;
using Platform.Simulation.Kernel;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.People;

/// <summary>
/// Corrects accounts and books what has expired, from a process of its own that holds the account as well: one more writer beside the
/// tenant's grain, with the same group commit.
/// </summary>
internal sealed class Operator(World world, TimeProvider time) : ICaller
{
    private static readonly decimal[] Corrections = [5m, -5m, 40m, -40m, -0.00000001m];

    public bool IsDead => false;

    public Task AdjustAsync(TenantId tenant) => RunAsync(tenant, now => new AccountCommand.Adjust
    {
        AdjustmentId = $"a-{world.Chance.Next(8)}",
        Amount = CreditAmount.From(world.Chance.Pick(Corrections)),
        Reason = "simulated",
        Now = now,
    });

    public Task ExpireAsync(TenantId tenant) => RunAsync(tenant, now => new AccountCommand.ExpireLots { Now = now });

    private async Task RunAsync(TenantId tenant, Func<DateTimeOffset, AccountCommand> command)
    {
        var connection = new StoreConnection(world, this);
        var accounts = world.Planted.Wrap((IAccountStore)connection);
        try
        {
            var account = await accounts.LoadAsync(tenant, CancellationToken.None);
            var commits = new GroupCommit(account, accounts, time, world.Options, _ => { }, _ => { });
            await commits.ExecuteAsync(new Correction(command(time.GetUtcNow())));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The store was out of reach: an operator looks, and corrects another time.
            world.Coverage.Happened("correction failed");
        }
    }

    private sealed class Correction(AccountCommand command) : AccountOperation<bool>
    {
        public override OperationPlan Plan(Account account, DateTimeOffset now)
        {
            var decision = AccountDecider.Decide(account, command with { Now = now });
            Prepare(decision.Refusal is null);
            return new(decision.Events, null);
        }

        // It was committed although the reply was lost: then it is done.
        public override bool ConcludeLost(CommitOutcome.Lost lost) =>
            lost.Fence == Fence.Operation && command is AccountCommand.Adjust adjust && lost.Subject == adjust.AdjustmentId && Conclude(true);
    }
}
