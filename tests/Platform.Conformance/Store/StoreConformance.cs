using AwesomeAssertions.Equivalency;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>What the suites of a store's ports have in common: an empty store for each test, which can be closed and opened again.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    protected static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    protected static readonly TenantId Ann = new("ten_ann");
    protected static readonly TenantId Bob = new("ten_bob");

    private OpenStore? _store;

    protected OpenStore Store => _store!;

    protected IAccountStore Accounts => Store.Accounts;

    /// <summary>Opens an empty store; called once for each test.</summary>
    protected abstract ValueTask<OpenStore> OpenAsync();

    /// <summary>Closes the store and opens it again with what it kept. A store that keeps nothing returns the one that is open.</summary>
    protected abstract ValueTask<OpenStore> ReopenAsync();

    /// <summary>Closes the store and forgets what it kept.</summary>
    protected abstract ValueTask CloseAsync();

    async Task IAsyncLifetime.InitializeAsync() => _store = await OpenAsync();

    async Task IAsyncLifetime.DisposeAsync() => await CloseAsync();

    protected async Task RestartAsync() => _store = await ReopenAsync();

    /// <summary>Starts all at once, each on its own thread of the pool as far as there are any.</summary>
    protected static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> start) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => start(i))));

    protected static CommitOutcome Lost(Fence fence, string subject) => new CommitOutcome.Lost(fence, subject);

    /// <summary>Compares by what is in it, for arrays and dictionaries of the domain are equal by reference only.</summary>
    protected static EquivalencyOptions<T> ByContent<T>(EquivalencyOptions<T> options) =>
        options.PreferringRuntimeMemberTypes().WithStrictOrdering();

    /// <summary>Commits what must succeed; returns the account afterwards.</summary>
    protected async Task<Account> CommitAsync(AccountUnit unit)
    {
        (await Accounts.CommitAsync(unit, default)).Should().Be(new CommitOutcome.Committed());
        return unit.After;
    }

    protected Task<Account> GrantAsync(TenantId tenant, decimal credits = 1000m) => CommitAsync(Units.Grant(Account.Open(tenant), "grant", credits, Noon));

    protected async Task ShouldBeStoredAsync(Account expected) =>
        (await Accounts.LoadAsync(expected.Tenant, default)).Should().BeEquivalentTo(expected, ByContent);
}
