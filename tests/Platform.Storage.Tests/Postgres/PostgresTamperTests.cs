using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Storage.Tests.Postgres;

/// <summary>What somebody does to the database past the store: the constraints refuse it, or the audit finds it.</summary>
public sealed class PostgresTamperTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresDatabase _database = new();
    private OpenStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await _database.OpenAsync();
        var grant = Units.Grant(Account.Open(new TenantId("ten_ann")), "g", 100m, Noon);
        await _store.Accounts.CommitAsync(grant, default);
        var first = Units.Accept(grant.After, Samples.TaskId(1), 10m, Noon);
        await _store.Accounts.CommitAsync(first, default);
        var second = Units.Accept(first.After, Samples.TaskId(2), 10m, Noon);
        await _store.Accounts.CommitAsync(second, default);
        await _store.Accounts.CommitAsync(Units.Resolve(second.After, first.Accepted[0].Task, 5m, Noon), default);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("UPDATE accounts SET available = available + 1", 10)]
    [InlineData("UPDATE accounts SET settled = 0", 10)]
    [InlineData("UPDATE accounts SET lots = '{\"v\":1,\"lots\":[]}'", 2)]
    [InlineData("UPDATE accounts SET version = version + 1", 7)]
    [InlineData("UPDATE holds SET amount = amount + 1 WHERE ended_at IS NULL", 3)]
    [InlineData("DELETE FROM holds WHERE ended_at IS NULL", 4)]
    [InlineData("DELETE FROM tasks WHERE status = 1", 8)]
    [InlineData("DELETE FROM tasks WHERE status = 3", 8)]
    [InlineData("DELETE FROM tasks; DELETE FROM holds; DELETE FROM resolutions", 8)]
    [InlineData("DELETE FROM resolutions", 8)]
    [InlineData("UPDATE resolutions SET settled = settled + 1", 4)]
    [InlineData("DELETE FROM outbox", 9)]
    [InlineData("ALTER TABLE ledger_entries DISABLE TRIGGER ALL; DELETE FROM ledger_entries WHERE sequence = 2", 7)]
    [InlineData("ALTER TABLE ledger_entries DISABLE TRIGGER ALL; UPDATE ledger_entries SET available = available - 1, held = held + 1 WHERE sequence = 2", 7)]
    public async Task Audit_RowsChangedByHand_FindsIt(string sql, int invariant)
    {
        (await BooksAudit.RunAsync(_store.Books, 100, default)).Findings.Should().BeEmpty();

        await _database.SqlAsync(sql);

        (await BooksAudit.RunAsync(_store.Books, 100, default)).Findings.Select(f => f.Invariant).Should().Contain(invariant);
    }

    [Theory]
    [InlineData("UPDATE accounts SET available = -1")]
    [InlineData("UPDATE ledger_entries SET note = 'x'")]
    [InlineData("DELETE FROM ledger_entries")]
    [InlineData("UPDATE holds SET released = 1 WHERE ended_at IS NOT NULL")]
    [InlineData("UPDATE tasks SET due_at = NULL")]
    [InlineData("UPDATE tasks SET due_at = 1 WHERE status = 3")]
    [InlineData("TRUNCATE ledger_entries")]
    [InlineData("INSERT INTO holds SELECT * FROM holds")]
    public async Task Constraint_RowsThatCannotBe_AreRefused(string sql)
    {
        var act = () => _database.SqlAsync(sql);

        await act.Should().ThrowAsync<Npgsql.PostgresException>();
    }
}
