using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Conformance.Upstreams;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Storage.Tests.Sqlite;

public sealed class SqliteAccountStoreTests : AccountStoreConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteTaskStoreTests : TaskStoreConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteTenantStoreTests : TenantStoreConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteFileStoreTests : FileStoreConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteBooksReaderTests : BooksReaderConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteUpstreamBooksTests : UpstreamBooksConformance
{
    private readonly SqliteFile _file = new();

    protected override IUpstreamBooks Upstreams => _file.Services.GetRequiredService<IUpstreamBooks>();

    protected override async ValueTask<OpenStore> OpenAsync() => await _file.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _file.OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class SqliteSandboxJobsTests : SandboxJobsConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<ISandboxJobs> OpenAsync()
    {
        await _file.OpenAsync();
        return _file.Services.GetRequiredService<ISandboxJobs>();
    }

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}
