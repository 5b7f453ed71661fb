using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Postgres;

namespace Platform.Storage.Tests.Postgres;

/// <summary>Several processes on one database.</summary>
public sealed class PostgresProcessesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Ann = new("ten_ann");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresDatabase _database = new();
    private OpenStore _one = null!;
    private ServiceProvider _other = null!;

    public async Task InitializeAsync()
    {
        _one = await _database.OpenAsync();
        _other = PostgresDatabase.OpenServices(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task CommitAsync_TwoProcessesAtOneVersion_OneWins()
    {
        var grant = Units.Grant(Account.Open(Ann), "g", 1000m, Noon);
        IAccountStore[] stores = [_one.Accounts, _other.GetRequiredService<IAccountStore>()];
        var grants = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => stores[i % 2].CommitAsync(grant, default))));
        grants.Count(o => o is CommitOutcome.Committed).Should().Be(1);

        var account = grant.After;
        for (var round = 0; round < 10; round++)
        {
            var units = Enumerable.Range(0, 8).Select(i => Units.Accept(account, Samples.TaskId((round * 10) + i), 1m, Noon, $"key-{round}")).ToArray();

            var outcomes = await Task.WhenAll(units.Select((unit, i) => Task.Run(() => stores[i % 2].CommitAsync(unit, default))));

            outcomes.Count(o => o is CommitOutcome.Committed).Should().Be(1);
            outcomes.OfType<CommitOutcome.Lost>().Should().OnlyContain(l => l.Fence == Fence.AccountVersion);
            account = units[Array.FindIndex(outcomes, o => o is CommitOutcome.Committed)].After;
        }

        (await BooksAudit.RunAsync(_one.Books, 10, default)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task ListenAsync_CommitsOfAnotherProcess_AreHeardInTheirOrder()
    {
        await ListenerOf(_other).StartAsync(default);
        await using var changes = _other.GetRequiredService<ITaskChanges>().ListenAsync(Ann, default).GetAsyncEnumerator();

        var account = Units.Grant(Account.Open(Ann), "g", 1000m, Noon);
        await _one.Accounts.CommitAsync(account, default);
        var accept = Units.Accept(account.After, Samples.TaskId(1), 10m, Noon);
        await _one.Accounts.CommitAsync(accept, default);
        var step = Units.Step(accept.Accepted[0].Task, Noon, new TaskEvent.CancelRequested { At = Noon });
        await _one.Tasks.CommitAsync(step, default);
        await _one.Accounts.CommitAsync(Units.Resolve(accept.After, step.Task, 0m, Noon), default);

        foreach (var version in new[] { 1, 2, 3 })
        {
            (await changes.MoveNextAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
            changes.Current.Should().Be(new TaskChange(Samples.TaskId(1), version));
        }

        await ListenerOf(_other).StopAsync(default);
    }

    [Fact]
    public async Task ListenAsync_ConnectionLost_EndsTheListener()
    {
        await ListenerOf(_other).StartAsync(default);
        await using var changes = _other.GetRequiredService<ITaskChanges>().ListenAsync(Ann, default).GetAsyncEnumerator();
        var next = changes.MoveNextAsync().AsTask();

        await _database.SqlAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");

        (await next.WaitAsync(Patience)).Should().BeFalse("it has to look and listen anew");
        await ListenerOf(_other).StopAsync(default);
    }

    private static PostgresChangeListener ListenerOf(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<PostgresChangeListener>().Single();
}
