using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Api.OpenApi;
using Platform.Api.Tests.Contract;
using Platform.Domain.Catalog;
using Platform.EndToEnd.Tests.Running;
using Platform.Host.Settings;
using Platform.Host.Startup;

namespace Platform.Api.Tests.Hosting;

/// <summary>
/// The real program in this process: Kestrel on a free port, a silo, SQLite and a folder that go with it. The sandbox serves
/// everyone, so that any tenant can have a task.
/// </summary>
public class TestPlatform : IAsyncLifetime
{
    public const string AdminKey = "adm-tests-of-the-api-0001";

    private const int StartTries = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-api-").FullName;
    private PlatformApplication? _application;

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>A client without a key.</summary>
    public HttpClient Anonymous { get; private set; } = new();

    /// <summary>What the API promises.</summary>
    internal ApiContract Contract { get; private set; } = null!;

    public IServiceProvider Services => _application!.Services;

    public TestMedia Media { get; } = new();

    public TestCatalog Catalog { get; } = new();

    /// <summary>Settings besides, as arguments of the program.</summary>
    protected virtual IEnumerable<string> Settings => [];

    private string BlobFolder => Path.Combine(_folder, "media");

    public async Task InitializeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartAsync();
                return;
            }
            catch (Exception taken) when (attempt < StartTries && taken is IOException or SocketException)
            {
                // Another process took a port between the look for a free one and its use.
            }
        }
    }

    public async Task DisposeAsync()
    {
        Anonymous.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        Media.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Names of the stored blobs under a prefix, and of what is half-written.</summary>
    public IReadOnlyList<string> Blobs(string prefix)
    {
        var half = Directory.GetFiles(BlobFolder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(BlobFolder, p));
        return [.. half.Where(p => p.StartsWith(prefix, StringComparison.Ordinal) || p.StartsWith(".tmp", StringComparison.Ordinal))];
    }

    /// <summary>Makes a tenant with a key, and credits where they are asked for, through the operator's API.</summary>
    public async Task<TestTenant> NewTenantAsync(decimal credits = 0m)
    {
        using var tenant = await SendAsOperatorAsync("/admin/v1/tenants", """{"name":"Tests"}""");
        var id = (await tenant.JsonAsync()).GetProperty("id").GetString()!;
        using var key = await SendAsOperatorAsync($"/admin/v1/tenants/{id}/api-keys", """{"name":"Tests"}""");
        var made = await key.JsonAsync();
        if (credits > 0)
        {
            using var grant = await SendAsOperatorAsync(
                $"/admin/v1/tenants/{id}/grants", $$"""{"credits":{{credits.ToString(CultureInfo.InvariantCulture)}}}""");
            grant.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        return new(this, id, made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Makes a test key of a tenant.</summary>
    public async Task<TestTenant> NewTestKeyAsync(TestTenant tenant)
    {
        using var key = await SendAsOperatorAsync($"/admin/v1/tenants/{tenant.Id}/api-keys", """{"name":"Try-outs","test":true}""");
        var made = await key.JsonAsync();
        return new(this, tenant.Id, made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    public async Task<HttpResponseMessage> SendAsOperatorAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json.Content(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        return await Anonymous.SendAsync(request);
    }

    /// <summary>A client whose answers are held against the OpenAPI document.</summary>
    public HttpClient NewClient(string? key) => new(new ContractHandler(Contract, new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }))
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    private async Task StartAsync()
    {
        // What a try before this one could not start is no error of a request.
        Errors = new();
        Address = new($"http://127.0.0.1:{Ports.Take()}");
        var builder = PlatformApplication.CreateBuilder(
        [
            $"--urls={Address.GetLeftPart(UriPartial.Authority)}",
            $"--Platform:DataDirectory={_folder}",
            $"--Platform:AdminKey={AdminKey}",
            $"--Platform:Silo:Port={Ports.Take()}",
            $"--Platform:Silo:GatewayPort={Ports.Take()}",
            "--Platform:Metrics:Port=0",
            "--Platform:Sandbox:Latency=00:00:00",
            "--Platform:Sandbox:Everyone=true",
            .. Settings,
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<ILoggerProvider>(Errors);
        builder.Services.AddSingleton<ICatalog>(Catalog);
        var settings = PlatformHost.AddSettings(builder);
        _application = await PlatformApplication.StartAsync(builder, settings, new DataDirectory(settings.DataDirectory));
        Contract = new(Services.GetRequiredService<OpenApiEndpoint>().Document);
        Anonymous = NewClient(null);
    }

    /// <summary>What was logged as an error: a request that failed by a bug leaves a line here.</summary>
    public ErrorLog Errors { get; private set; } = new();
}

/// <summary>The tests that share one platform; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<TestPlatform>
{
    public const string Name = "Platform";
}
