using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Api;
using Platform.Api.Health;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;
using Platform.Grains;
using Platform.Grains.Faults;
using Platform.Host.Faults;
using Platform.Host.Pages;
using Platform.Host.Routing;
using Platform.Host.Secrets;
using Platform.Host.Settings;
using Platform.Host.Telemetry;
using Platform.Media;
using Platform.Storage;
using Platform.Upstreams;
using Platform.Upstreams.Sandbox;

namespace Platform.Host.Startup;

/// <summary>Puts the parts together, by the settings.</summary>
internal static class PlatformHost
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private const string UpstreamsSection = PlatformSettings.Section + ":Upstreams";
    private const int SecretLength = 40;
    private const int QuoteKeyBytes = 32;

    /// <summary>Adds the settings, checked at start.</summary>
    public static PlatformSettings AddSettings(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        var section = builder.Configuration.GetSection(PlatformSettings.Section);
        builder.Services.AddOptions<PlatformSettings>().Bind(section).ValidateDataAnnotations().ValidateOnStart()
            .Validate(
                s => !s.UsesPostgres || !string.IsNullOrWhiteSpace(s.PublicUrl),
                "Platform:PublicUrl is required with Platform:Storage=postgres: no process of a cluster knows how the others are reached.")
            .Validate(
                s => !s.UsesPostgres || !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(PlatformSettings.ConnectionName)),
                "ConnectionStrings:Platform is required with Platform:Storage=postgres.");
        var settings = section.Get<PlatformSettings>() ?? new();
        settings.PublicUrl = (settings.PublicUrl ?? (builder.Configuration["urls"] ?? DefaultUrl).Split(';')[0]).TrimEnd('/');
        settings.Demo.Enabled ??= !settings.UsesPostgres;

        // Test keys work on every installation, so that the sandbox is there unless it is switched off.
        settings.Sandbox.Enabled ??= true;
        return settings;
    }

    /// <summary>Adds the store alone: what the verbs need that only read.</summary>
    public static void AddStore(WebApplicationBuilder builder, PlatformSettings settings, DataDirectory data)
    {
        if (settings.UsesPostgres)
        {
            builder.Services.AddPostgresStore(store =>
                store.ConnectionString = builder.Configuration.GetConnectionString(PlatformSettings.ConnectionName) ?? string.Empty);
        }
        else
        {
            builder.Services.AddSqliteStore(store => store.Path = data.Database);
        }
    }

    /// <summary>Adds everything that serves.</summary>
    public static void AddPlatform(WebApplicationBuilder builder, PlatformSettings settings, DataDirectory data)
    {
        var ids = new CryptoIdSource();
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IIdSource>(ids);
        services.AddSingleton<IRandomSource, SystemRandomSource>();
        services.TryAddSingleton<ICatalog, BuiltInCatalog>();
        services.AddSingleton<IRouteTable>(new SandboxRoutes(settings.Sandbox.Enabled is true));
        if (settings.Faults.KillAt is { Length: > 0 } killAt)
        {
            services.AddSingleton<IFaultPoints>(new KillFaultPoints(killAt));
        }

        builder.AddPlatformTelemetry(settings);
        AddStore(builder, settings, data);
        var linkKey = System.Text.Encoding.ASCII.GetBytes(data.Secret("link-signing-key", () => ids.Next(SecretLength)));

        // Replicas share no folder, but the key of links they must share.
        var wrapKey = settings.SecretsKey
            ?? data.Secret(settings.UsesPostgres ? "link-signing-key" : "secrets-key", () => ids.Next(SecretLength));
        services.AddSecretBox(wrapKey);
        services.AddPlatformMedia(media =>
        {
            media.RootDirectory = data.Media;
            media.PublicUrl = settings.PublicUrl;
            media.LinkSigningKeys.Add(linkKey);
            media.Egress.AllowPrivateNetworks = settings.Egress.AllowPrivateNetworks;
            media.Egress.AllowHttp = settings.Egress.AllowHttp;
        });
        services.AddSandboxUpstream(sandbox =>
        {
            sandbox.Enabled = settings.Sandbox.Enabled is true;
            sandbox.Latency = settings.Sandbox.Latency;

            // On a file this is the only process: what it finds rendering, a dead predecessor left.
            sandbox.RequeueAtStart = !settings.UsesPostgres;
        });
        services.AddUpstreams(upstreams => builder.Configuration.GetSection(UpstreamsSection).Bind(upstreams));
        services.AddPlatformApi(api =>
        {
            api.PublicUrl = settings.PublicUrl!;

            // One secret to share between replicas is enough: whoever knows the links' signing key knows the quotes'.
            api.QuoteKeys.Add(HKDF.DeriveKey(HashAlgorithmName.SHA256, linkKey, QuoteKeyBytes, info: "platform quotes"u8.ToArray()));
            api.AdminKey = settings.AdminKey ?? data.Secret("admin-key", () => $"adm-{ids.Next(SecretLength)}");
        });
        services.Configure<WebhookOptions>(webhooks =>
        {
            webhooks.LogRetention = settings.Webhooks.LogRetention;
            webhooks.DisableAfter = settings.Webhooks.DisableAfter;
            webhooks.AttemptTimeout = settings.Webhooks.AttemptTimeout;
        });
        services.AddSingleton<Readiness>();
        services.AddSingleton<IReadiness>(p => p.GetRequiredService<Readiness>());
        services.AddSingleton<DemoTenant>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseOrleans(silo => silo
            .UseLocalhostClustering(settings.Silo.Port, settings.Silo.GatewayPort, primarySiloEndpoint: null, "platform", settings.ClusterId)
            .UseInMemoryReminderService()
            .AddActivityPropagation()
            .AddPlatformGrains(grains =>
            {
                grains.TasksInFlight = settings.Limits.Default.TasksInFlight;
                grains.QueueLength = settings.Limits.Default.QueueLength;
                grains.SandboxServesEveryone = settings.Sandbox.Everyone;
            }));
        services.AddPlatformApiWorkers();
    }

    /// <summary>Maps everything that answers.</summary>
    public static void MapPlatform(WebApplication app, PlatformSettings settings)
    {
        app.UsePlatformApi();
        app.MapPlatformApi();
        app.MapLandingPage(settings.PublicUrl!);
    }
}
