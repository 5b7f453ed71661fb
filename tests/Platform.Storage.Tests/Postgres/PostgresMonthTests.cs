using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Postgres;

namespace Platform.Storage.Tests.Postgres;

/// <summary>Months: made ahead or not, closed and cut off.</summary>
public sealed class PostgresMonthTests : IAsyncLifetime
{
    private static readonly TenantId Ann = new("ten_ann");
    private static readonly TenantId Bob = new("ten_bob");
    private static readonly DateTimeOffset March = new(2024, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset April = new(2024, 4, 1, 0, 0, 1, TimeSpan.Zero);

    private readonly PostgresDatabase _database = new();
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await _database.OpenAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("task-unified-1711929601-0123456789abcdef", 202404)]
    [InlineData("task-unified-1711929599-0123456789abcdef", 202403)]
    [InlineData("task-unified-x-1", 0)]
    [InlineData("task-unified-1711929601", 0)]
    [InlineData("task-unified-99999999999999999999-1", 0)]
    public void Of_TaskId_IsTheMonthOfItsTimeOrNone(string id, int month) => TaskMonth.Of(new TaskId(id)).Should().Be(month);

    [Fact]
    public async Task CommitAsync_MonthWithoutPartitions_IsWrittenAndStaysInTheDefault()
    {
        var grant = await CommitAsync(Units.Grant(Account.Open(Ann), "g", 10m, March));
        await CommitAsync(Units.Accept(grant, Id(March, 1), 1m, March));

        (await _database.SqlAsync("SELECT COUNT(*) FROM tasks_default"))[0].Should().Be(1L);
        (await _database.SqlAsync("SELECT make_month(202403)"))[0].Should().Be(false);
        (await _store.Tasks.FindAsync(Ann, Id(March, 1), default)).Should().NotBeNull();
    }

    [Fact]
    public async Task CloseMonth_OldMonth_IsCutOffAndReadsAndAuditGoOn()
    {
        await _database.SqlAsync("SELECT make_month(202403)");
        await _database.SqlAsync("SELECT make_month(202404)");
        var ann = await CommitAsync(Units.Grant(Account.Open(Ann), "g", 100m, March));
        var bob = await CommitAsync(Units.Grant(Account.Open(Bob), "g", 50m, March));
        ann = await EndAsync(ann, Id(March, 1), March, March.AddHours(1));

        // Accepted in March and settled in April: its entries are on both sides of the cut.
        ann = await EndAsync(ann, Id(April.AddSeconds(-9), 2), April.AddSeconds(-9), April);
        ann = await EndAsync(ann, Id(April, 3), April, April.AddHours(1));

        await _database.SqlAsync("SELECT close_month(202403)");

        (await AuditAsync()).Findings.Should().BeEmpty();
        (await _store.Tasks.FindAsync(Ann, Id(March, 1), default)).Should().BeNull();
        (await _store.Tasks.ListAsync(new() { Tenant = Ann, Limit = 9 }, default)).Select(t => t.Id).Should().Equal(Id(April, 3));
        (await _store.Accounts.ListEntriesAsync(Ann, null, 99, default)).Select(e => e.Sequence).Should().Equal(10, 9, 8, 7, 6);
        (await _database.SqlAsync("SELECT COUNT(*) FROM tasks_202403"))[0].Should().Be(2L, "what was cut off is kept until an operator drops it");

        ann = await EndAsync(ann, Id(April, 4), April.AddDays(1), April.AddDays(2));
        await EndAsync(bob, Id(April, 5), April.AddDays(1), April.AddDays(2));
        (await AuditAsync()).Findings.Should().BeEmpty();
        (await _store.Accounts.LoadAsync(Ann, default)).Version.Should().Be(ann.Version);
    }

    [Fact]
    public async Task CloseMonth_BooksChangedByHand_AreStillFound()
    {
        await _database.SqlAsync("SELECT make_month(202403)");
        var ann = await CommitAsync(Units.Grant(Account.Open(Ann), "g", 100m, March));
        ann = await EndAsync(ann, Id(March, 1), March, March.AddHours(1));
        await _database.SqlAsync("SELECT close_month(202403)");
        await EndAsync(ann, Id(April, 2), April, April.AddHours(1));

        await _database.SqlAsync("UPDATE closings SET available = available + 1");

        (await AuditAsync()).Findings.Select(f => f.Invariant).Should().Contain([7, 10]);
    }

    [Theory]
    [InlineData("209901", "*not over*")]
    [InlineData("202403", "*have not ended*")]
    [InlineData("202404", "*close those months first*")]
    public async Task CloseMonth_ThatMayNotBe_IsRefused(string month, string why)
    {
        await _database.SqlAsync("SELECT make_month(202403)");
        var grant = await CommitAsync(Units.Grant(Account.Open(Ann), "g", 10m, March));
        await CommitAsync(Units.Accept(grant, Id(March, 1), 1m, March));

        var act = () => _database.SqlAsync($"SELECT close_month({month})");

        await act.Should().ThrowAsync<Npgsql.PostgresException>().WithMessage(why);
        (await AuditAsync()).Findings.Should().BeEmpty();
    }

    private static TaskId Id(DateTimeOffset at, int number) => new($"task-unified-{at.ToUnixTimeSeconds()}-{number:d16}");

    private async Task<Account> EndAsync(Account account, TaskId id, DateTimeOffset accepted, DateTimeOffset ended)
    {
        var accept = Units.Accept(account, id, 10m, accepted);
        account = await CommitAsync(accept);
        return await CommitAsync(Units.Resolve(account, accept.Accepted[0].Task, 6m, ended));
    }

    private async Task<Account> CommitAsync(AccountUnit unit)
    {
        (await _store.Accounts.CommitAsync(unit, default)).Should().Be(new CommitOutcome.Committed());
        return unit.After;
    }

    private Task<AuditReport> AuditAsync() => BooksAudit.RunAsync(_store.Books, 100, default);
}
