namespace Platform.EndToEnd.Tests.Running;

/// <summary>
/// One process for all tests that let it live. The sandbox serves every tenant in it, so that each test can have a tenant, and with
/// it a ledger, of its own.
/// </summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    public PlatformProcess Platform { get; } = new(("Platform__Sandbox__Everyone", "true"));

    public Task InitializeAsync() => Platform.StartAsync();

    public async Task DisposeAsync()
    {
        try
        {
            await Platform.VerifyAsync();
        }
        finally
        {
            await Platform.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SharedPlatformTests : ICollectionFixture<SharedPlatform>
{
    public const string Name = "One platform that lives";
}
