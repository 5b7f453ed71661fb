using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Conformance.Upstreams;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Storage.Tests.Postgres;

public sealed class PostgresAccountStoreTests : AccountStoreConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresTaskStoreTests : TaskStoreConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresTenantStoreTests : TenantStoreConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresFileStoreTests : FileStoreConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresBooksReaderTests : BooksReaderConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresUpstreamBooksTests : UpstreamBooksConformance
{
    private readonly PostgresDatabase _database = new();

    protected override IUpstreamBooks Upstreams => _database.Services.GetRequiredService<IUpstreamBooks>();

    protected override async ValueTask<OpenStore> OpenAsync() => await _database.OpenAsync();

    protected override async ValueTask<OpenStore> ReopenAsync() => await _database.OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

public sealed class PostgresSandboxJobsTests : SandboxJobsConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<ISandboxJobs> OpenAsync()
    {
        await _database.OpenAsync();
        return _database.Services.GetRequiredService<ISandboxJobs>();
    }

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}
