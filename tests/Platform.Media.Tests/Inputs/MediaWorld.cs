using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Tenants;
using Platform.Media.Egress;
using Platform.Media.Tests.Egress;
using Platform.Media.Tests.Probing;

namespace Platform.Media.Tests.Inputs;

/// <summary>Everything that <c>AddPlatformMedia</c> adds, on a folder of its own, with a test's internet.</summary>
internal sealed class MediaWorld : IAsyncDisposable
{
    public static readonly TenantId Tenant = new("ten_a");
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    private MediaWorld(Site site)
    {
        Site = site;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IIdSource, TestIds>();
        services.AddSingleton<IFileStore>(Files);
        services.AddSingleton<IHostResolver>(site);
        services.AddSingleton<IOutboundConnector>(site);
        services.AddPlatformMedia(options =>
        {
            options.RootDirectory = _folder.Path;
            options.PublicUrl = "https://api.platform.com/base";
            options.LinkSigningKeys.Add(new byte[32]);
            options.Egress.AllowHttp = true;
        });
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public Site Site { get; }

    public FakeTimeProvider Time { get; } = new(Now);

    public FileRegister Files { get; } = new();

    public IBlobStore Blobs => _services.GetRequiredService<IBlobStore>();

    public IInputMedia Inputs => _services.GetRequiredService<IInputMedia>();

    public ISceneCuts Cuts => _services.GetRequiredService<ISceneCuts>();

    public IResultMedia Results => _services.GetRequiredService<IResultMedia>();

    public IHttpClientFactory Clients => _services.GetRequiredService<IHttpClientFactory>();

    public static async Task<MediaWorld> CreateAsync() => new(await Site.StartAsync());

    public async Task<UploadedFile> UploadAsync(string id, TenantId tenant, byte[] bytes)
    {
        var blob = await Blobs.WriteAsync($"files/{tenant}/{id}", new MemoryStream(bytes), long.MaxValue, default);
        var file = new UploadedFile { Id = id, Tenant = tenant, FileName = "clip", Info = await Probes.RecogniseAsync(bytes), Blob = blob, CreatedAt = Now };
        await Files.AddAsync(file, default);
        return file;
    }

    public async Task<byte[]?> BytesAsync(string key)
    {
        await using var stream = await Blobs.OpenReadAsync(key, default);
        if (stream is null)
        {
            return null;
        }

        var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Site.DisposeAsync();
        _folder.Dispose();
    }
}
