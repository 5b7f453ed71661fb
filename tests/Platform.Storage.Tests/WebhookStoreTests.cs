using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Secrets;
using Platform.Domain.Webhooks;
using Platform.Storage.Memory;
using Platform.Storage.Tests.Postgres;
using Platform.Storage.Tests.Sqlite;

namespace Platform.Storage.Tests;

public sealed class MemoryWebhookStoreTests : WebhookStoreConformance
{
    protected override ValueTask<WebhookPorts> OpenAsync()
    {
        var store = new MemoryStore();
        return new(new WebhookPorts(store, store, store, store, store));
    }

    protected override ValueTask<WebhookPorts?> ReopenAsync() => new((WebhookPorts?)null);

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}

public sealed class SqliteWebhookStoreTests : WebhookStoreConformance
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<WebhookPorts> OpenAsync()
    {
        await _file.OpenAsync();
        return Ports.Of(_file.Services);
    }

    protected override async ValueTask<WebhookPorts?> ReopenAsync() => await OpenAsync();

    protected override ValueTask CloseAsync() => _file.DisposeAsync();
}

public sealed class PostgresWebhookStoreTests : WebhookStoreConformance
{
    private readonly PostgresDatabase _database = new();

    protected override async ValueTask<WebhookPorts> OpenAsync()
    {
        await _database.OpenAsync();
        return Ports.Of(_database.Services);
    }

    protected override async ValueTask<WebhookPorts?> ReopenAsync() => await OpenAsync();

    protected override ValueTask CloseAsync() => _database.DisposeAsync();
}

internal static class Ports
{
    public static WebhookPorts Of(IServiceProvider services) => new(
        services.GetRequiredService<IAccountStore>(),
        services.GetRequiredService<IWebhookDeliveries>(),
        services.GetRequiredService<IWebhookEndpointStore>(),
        services.GetRequiredService<IWebhookLog>(),
        services.GetRequiredService<IKeyRingStore>());
}
