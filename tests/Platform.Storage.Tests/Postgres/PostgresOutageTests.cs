using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Postgres;

namespace Platform.Storage.Tests.Postgres;

/// <summary>The server dies in the middle of commits and comes back.</summary>
public sealed class PostgresOutageTests
{
    private const int Tenants = 8;

    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task CommitAsync_ServerKilledAndStartedAgain_SaysWhatItKnowsAndGoesOn()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var services = PostgresDatabase.OpenServices(
            await server.CreateDatabaseAsync(), o => o.FailoverPatience = TimeSpan.FromSeconds(60));
        await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        var store = PostgresDatabase.Ports(services);
        using var enough = new CancellationTokenSource();
        var reached = new CountdownEvent(Tenants);
        var writing = Enumerable.Range(0, Tenants).Select(i => Task.Run(() => WriteAsync(store, new($"ten_{i}"), reached, enough.Token))).ToArray();

        reached.Wait(TimeSpan.FromSeconds(60)).Should().BeTrue("every tenant has commits under way");
        await server.KillAsync();
        await server.StartAgainAsync();
        var after = await Task.WhenAll(Enumerable.Range(0, Tenants).Select(i => store.Accounts.LoadAsync(new($"ten_{i}"), default)));
        while ((await Task.WhenAll(after.Select(a => store.Accounts.LoadAsync(a.Tenant, default)))).Zip(after).Any(p => p.First.Version <= p.Second.Version))
        {
            writing.Should().NotContain(w => w.IsFaulted);
        }

        await enough.CancelAsync();
        var committed = await Task.WhenAll(writing);

        for (var i = 0; i < Tenants; i++)
        {
            (await store.Accounts.LoadAsync(new($"ten_{i}"), default)).Version.Should().Be(committed[i]);
        }

        (await BooksAudit.RunAsync(store.Books, 10, default)).Findings.Should().BeEmpty();
    }

    // Commits one after the other; what threw is asked for by its id, and then known. Returns the version that the account must have.
    private static async Task<long> WriteAsync(OpenStore store, TenantId tenant, CountdownEvent reached, CancellationToken enough)
    {
        var account = Account.Open(tenant);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            if (i == 5)
            {
                reached.Signal();
            }

            var unit = Units.Grant(account, $"grant-{i}", 1m, Noon);
            try
            {
                (await store.Accounts.CommitAsync(unit, default)).Should().Be(new CommitOutcome.Committed());
                account = unit.After;
            }
            catch (StorageException)
            {
                // The connection broke; the entry tells whether the commit came before.
                account = await store.Accounts.FindEntryAsync(tenant, LedgerEntryKind.Grant, $"grant-{i}", default) is null ? account : unit.After;
            }
        }

        return account.Version;
    }
}
