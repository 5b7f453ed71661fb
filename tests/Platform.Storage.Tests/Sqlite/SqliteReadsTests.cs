using Platform.Conformance.Store;

namespace Platform.Storage.Tests.Sqlite;

public sealed class SqliteTaskQueriesTests : TaskQueriesConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteLedgerReaderTests : LedgerReaderConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteUsageReaderTests : UsageReaderConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteServiceLevelReaderTests : ServiceLevelReaderConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}
