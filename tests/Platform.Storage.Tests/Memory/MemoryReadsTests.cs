using Platform.Conformance.Store;

namespace Platform.Storage.Tests.Memory;

public sealed class MemoryTaskQueriesTests : TaskQueriesConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryLedgerReaderTests : LedgerReaderConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryUsageReaderTests : UsageReaderConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryServiceLevelReaderTests : ServiceLevelReaderConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}
