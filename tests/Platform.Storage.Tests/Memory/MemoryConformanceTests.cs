using Platform.Conformance.Store;
using Platform.Conformance.Upstreams;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;
using Platform.Storage.Memory;

namespace Platform.Storage.Tests.Memory;

internal static class Memories
{
    public static OpenStore Open(MemoryStore store) => new(store, store, store, store, store, new(store, store, store, store));
}

public sealed class MemoryAccountStoreTests : AccountStoreConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryTaskStoreTests : TaskStoreConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryTenantStoreTests : TenantStoreConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryFileStoreTests : FileStoreConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryBooksReaderTests : BooksReaderConformance
{
    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryUpstreamBooksTests : UpstreamBooksConformance
{
    protected override IUpstreamBooks Upstreams => (MemoryStore)Store.Accounts;

    protected override ValueTask<OpenStore> OpenAsync() => new(Memories.Open(new()));

    protected override ValueTask<OpenStore> ReopenAsync() => new(Store);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class MemorySandboxJobsTests : SandboxJobsConformance
{
    protected override ValueTask<ISandboxJobs> OpenAsync() => new(new MemoryStore());
}
