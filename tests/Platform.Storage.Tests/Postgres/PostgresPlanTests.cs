using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Postgres;
using Platform.Storage.Postgres.Reads;
using Platform.Storage.Postgres.Writing;

namespace Platform.Storage.Tests.Postgres;

/// <summary>Hot statements are served by an index: where there is none, the plan shows a scan, however dear scans are made.</summary>
public sealed class PostgresPlanTests : IAsyncLifetime
{
    private static readonly TenantId Ann = new("ten_ann");
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresDatabase _database = new();

    public static TheoryData<string> Names => [.. Statements.Keys];

    private static Dictionary<string, PostgresStatement> Statements { get; } = new(StringComparer.Ordinal)
    {
        ["find"] = new PostgresStatement(PostgresTaskStore.FindSql).Bind("t").Bind("i").Bind(202611),
        ["find many"] = new PostgresStatement(PostgresTaskQueries.FindManySql).Bind("t").Bind(["i"]).Bind([202611]),
        ["due"] = new PostgresStatement(PostgresTaskStore.DueSql).Bind(1).Bind(Noon),
        ["list"] = PostgresTaskListSql.List(new() { Tenant = Ann, Limit = 20, After = new(Noon, Samples.TaskId(1)) }, 0),
        ["list failed"] = PostgresTaskListSql.List(new() { Tenant = Ann, Limit = 20, Status = GenerationStatus.Failed }, 0),
        ["list pending"] = PostgresTaskListSql.List(new() { Tenant = Ann, Limit = 20, Status = GenerationStatus.Pending }, 0),
        ["list by end user"] = PostgresTaskListSql.List(new() { Tenant = Ann, Limit = 20, EndUser = "u" }, 0),
        ["list by metadata"] = PostgresTaskListSql.List(
            new() { Tenant = Ann, Limit = 20, Metadata = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } }, 0),
        ["statement"] = PostgresLedgerReader.Statement(new() { Tenant = Ann, Limit = 20, From = Noon }),
        ["statement of a task"] = PostgresLedgerReader.Statement(new() { Tenant = Ann, Limit = 20, TaskId = Samples.TaskId(1) }),
        ["statement of grants"] = PostgresLedgerReader.Statement(new() { Tenant = Ann, Limit = 20, Kind = LedgerEntryKind.Grant }),
        ["usage"] = PostgresUsageReader.Statement(
            new() { Tenant = Ann, From = Noon, To = Noon, GroupBy = Domain.Usage.UsageDimensions.Day | Domain.Usage.UsageDimensions.Status, Limit = 9 }),
        ["service level"] = new PostgresStatement(PostgresServiceLevelReader.Sql).Bind(Noon).Bind(Noon).Bind("-test"),
    };

    public async Task InitializeAsync() => await _database.OpenAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Statement_OfAnyRead_UsesAnIndex(string name)
    {
        var statement = Statements[name];
        await using var connection = await OpenAsync();
        await using var command = statement.On(connection);

        (await ExplainAsync(command)).Should().NotContain("Seq Scan");
    }

    [Fact]
    public async Task Statement_OfACommitWithEverything_UsesIndexes()
    {
        var account = Units.Grant(Account.Open(Ann), "g", 100m, Noon).After;
        var accept = Units.Accept(account, Samples.TaskId(1), 1m, Noon, "key");
        var resolve = Units.Resolve(accept.After, accept.Accepted[0].Task, 1m, Noon);
        var grant = Units.Grant(resolve.After, "h", 1m, Noon);
        var group = new AccountGroup();
        group.Add(new(accept));
        group.Add(new(resolve with { Promoted = [new(Samples.TaskId(2), Noon)] }));
        group.Add(new(grant));
        var steps = new StepGroup();
        steps.Add(new(Units.Step(accept.Accepted[0].Task, Noon, new TaskEvent.CancelRequested { At = Noon })));
        await using var connection = await OpenAsync();
        await using var batch = new NpgsqlBatch(connection);
        group.AddTo(batch);
        steps.AddTo(batch);
        batch.BatchCommands.Count.Should().Be(3);

        foreach (var part in batch.BatchCommands)
        {
            await using var command = new NpgsqlCommand(part.CommandText, connection);
            foreach (NpgsqlParameter parameter in part.Parameters)
            {
                command.Parameters.Add(parameter.Clone());
            }

            (await ExplainAsync(command)).Should().NotContain("Seq Scan");
        }
    }

    private static async Task<string> ExplainAsync(NpgsqlCommand command)
    {
        command.CommandText = $"EXPLAIN {command.CommandText}";
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private Task<NpgsqlConnection> OpenAsync() => _database.Services.GetRequiredService<PostgresEngine>().OpenAsync(default);
}
