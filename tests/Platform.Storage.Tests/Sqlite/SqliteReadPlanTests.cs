using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

/// <summary>How SQLite goes about the reads: no query of a tenant looks at more than the tenant's own rows, nor sorts them all.</summary>
public sealed class SqliteReadPlanTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TaskQuery All = new() { Tenant = new TenantId("ten_ann"), Limit = 10 };

    private readonly SqliteFile _file = new();

    public async Task InitializeAsync() => await _file.OpenAsync();

    public async Task DisposeAsync() => await _file.DisposeAsync();

    public static TheoryData<string, string, bool> Lists => new()
    {
        { "all", "tasks_by_age (tenant=?)", false },
        { "after", "tasks_by_age (tenant=? AND (created_at,id)<(?,?))", false },
        { "between", "tasks_by_age (tenant=? AND created_at>? AND created_at<?)", false },
        { "completed", "tasks_by_age (tenant=?)", false },
        { "failed", "tasks_unsuccessful (tenant=? AND status=?)", false },
        { "failed, after", "tasks_unsuccessful (tenant=? AND status=? AND (created_at,id)<(?,?))", false },
        { "pending", "holds_open (tenant=?)", true },
        { "user", "tasks_by_end_user (tenant=? AND end_user=?)", false },
        { "user, after", "tasks_by_end_user (tenant=? AND end_user=? AND (created_at,id)<(?,?))", false },
        { "metadata", "SEARCH m USING PRIMARY KEY (tenant=? AND key=? AND value=?)", false },
        { "metadata, after", "SEARCH m USING PRIMARY KEY (tenant=? AND key=? AND value=? AND (created_at,task_id)<(?,?))", false },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void List_OfEachKind_GoesByItsIndexInOrder(string kind, string index, bool sorts)
    {
        var query = QueryOf(kind);

        var list = Plan(database => TaskListSql.List(database, query, 0));
        var count = Plan(database => TaskListSql.Count(database, query));

        list.Should().Contain(index).And.NotContain("SCAN t").And.NotContain("SCAN m").And.NotContain("SCAN holds");
        list.Contains("USE TEMP B-TREE FOR ORDER BY").Should().Be(sorts, "only tasks that have not ended are sorted; there are few of them");
        count.Should().NotContain("SCAN t").And.NotContain("SCAN m").And.NotContain("SCAN holds");
    }

    [Fact]
    public void Ledger_OfEachKind_GoesByTheTenantOrTheTask()
    {
        var all = new LedgerQuery { Tenant = All.Tenant, Limit = 10 };

        Plan(SqliteLedgerReader.Sql(all)).Should().Contain("PRIMARY KEY (tenant=? AND sequence<?)").And.NotContain("TEMP B-TREE");
        Plan(SqliteLedgerReader.Sql(all with { Kind = LedgerEntryKind.Hold, From = Noon })).Should()
            .Contain("PRIMARY KEY (tenant=? AND sequence<?)").And.NotContain("TEMP B-TREE");
        Plan(SqliteLedgerReader.Sql(all with { Kind = LedgerEntryKind.Grant })).Should()
            .Contain("ledger_of_account (tenant=? AND kind=? AND sequence<?)").And.NotContain("TEMP B-TREE");
        Plan(SqliteLedgerReader.Sql(all with { TaskId = Samples.TaskId(1) })).Should()
            .Contain("ledger_by_task (task_id=? AND tenant=? AND sequence<?)").And.NotContain("TEMP B-TREE");
    }

    [Fact]
    public void Usage_OfAnyGroups_ReadsTheIndexOfTheTenantsEnds()
    {
        var query = new UsageQuery
        {
            Tenant = All.Tenant,
            From = Noon,
            To = Noon.AddDays(1),
            Limit = 10,
            GroupBy = (UsageDimensions)63,
        };

        Plan(SqliteUsageReader.Sql(query)).Should()
            .Contain("COVERING INDEX tasks_by_end (tenant=? AND ended_at>? AND ended_at<?)")
            .And.Contain("SEARCH r USING PRIMARY KEY (task_id=? AND tenant=?)")
            .And.Contain("holds_open (tenant=?)")
            .And.NotContain("SCAN t").And.NotContain("SCAN r").And.NotContain("SCAN h");
    }

    [Fact]
    public void ServiceLevels_Always_ReadTheLastHoursOfTheirIndexOnly() =>
        Plan(SqliteServiceLevelReader.Sql).Should().Contain("SEARCH tasks USING COVERING INDEX tasks_ended (ended_at>? AND ended_at<?)");

    private static TaskQuery QueryOf(string kind) => kind switch
    {
        "all" => All,
        "after" => All with { After = new(Noon, Samples.TaskId(1)), To = Noon.AddDays(1) },
        "between" => All with { From = Noon, To = Noon.AddDays(1) },
        "completed" => All with { Status = GenerationStatus.Completed },
        "failed" => All with { Status = GenerationStatus.Failed },
        "failed, after" => All with { Status = GenerationStatus.Cancelled, After = new(Noon, Samples.TaskId(1)), AnyOfModels = ["m"] },
        "pending" => All with { Status = GenerationStatus.Pending, After = new(Noon, Samples.TaskId(1)) },
        "user" => All with { EndUser = "u", Status = GenerationStatus.Pending },
        "user, after" => All with { EndUser = "u", After = new(Noon, Samples.TaskId(1)) },
        "metadata" => All with { EndUser = "u", Metadata = ManyTasks.Pairs(("k", "v")) },
        "metadata, after" => All with { Metadata = ManyTasks.Pairs(("k", "v"), ("l", "w")), After = new(Noon, Samples.TaskId(1)) },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    private string Plan(Func<SqliteConnection, SqliteStatement> prepare)
    {
        using var database = SqliteConnection.OpenReader(new() { Path = _file.Path });
        return Plan(prepare(database).Sql);
    }

    private string Plan(string sql)
    {
        using var database = SqliteConnection.OpenReader(new() { Path = _file.Path });
        return string.Join('\n', database.Prepare($"EXPLAIN QUERY PLAN {sql}").All(r => r.Text(3)));
    }
}
