using Platform.Conformance.Store;

namespace Platform.Storage.Tests.Postgres;

public sealed class PostgresTaskQueriesTests : TaskQueriesConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresLedgerReaderTests : LedgerReaderConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresUsageReaderTests : UsageReaderConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresServiceLevelReaderTests : ServiceLevelReaderConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}
