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
using Platform.Host.Settings;
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

    /// <summary>Reads the settings and checks them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="serves">Whether more than the store is used.</param>
    /// <exception cref="OptionsValidationException">They are wrong; the message names the keys.</exception>
    public static PlatformSettings AddSettings(WebApplicationBuilder builder, bool serves = true)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        var section = builder.Configuration.GetSection(PlatformSettings.Section);
        var settings = section.Get<PlatformSettings>() ?? new();
        SettingsValidation.Check(settings, builder.Configuration, serves && settings.Role != HostRole.Migrate);
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

    /// <summary>Adds everything that serves, by the role.</summary>
    public static void AddPlatform(WebApplicationBuilder builder, PlatformSettings settings, DataDirectory data)
    {
        var ids = new CryptoIdSource();
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IIdSource>(ids);
        services.AddSingleton<IRandomSource, SystemRandomSource>();
        services.TryAddSingleton<ICatalog, BuiltInCatalog>();
        services.AddSingleton<IRouteTable>(new SandboxRoutes(settings.Sandbox.Enabled is true));
        AddStore(builder, settings, data);
        IReadOnlyList<byte[]> linkKeys = [.. LinkSigningKeys(settings, data, ids).Select(System.Text.Encoding.ASCII.GetBytes)];
        services.AddPlatformMedia(media =>
        {
            media.RootDirectory = data.Media;
            media.PublicUrl = settings.PublicUrl;
            foreach (var key in linkKeys)
            {
                media.LinkSigningKeys.Add(key);
            }

            media.Egress.AllowPrivateNetworks = settings.Egress.AllowPrivateNetworks;
            media.Egress.AllowHttp = settings.Egress.AllowHttp;
        });
        services.AddSingleton<Readiness>();
        services.AddSingleton<IReadiness>(p => p.GetRequiredService<Readiness>());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        services.AddGracefulEnd(settings.Shutdown);
        if (HostRole.ServesApi(settings.Role))
        {
            AddApi(services, settings, data, ids, linkKeys);
        }

        services.AddUpstreams(upstreams => builder.Configuration.GetSection(UpstreamsSection).Bind(upstreams));
        if (HostRole.HostsGrains(settings.Role))
        {
            AddGrains(builder, settings);
        }
        else
        {
            builder.Host.UseOrleansClient(client => Clustering.Join(client, settings, builder.Configuration));
        }

        if (HostRole.ServesApi(settings.Role))
        {
            services.AddPlatformApiWorkers();
        }
    }

    private static void AddApi(
        IServiceCollection services, PlatformSettings settings, DataDirectory data, CryptoIdSource ids, IReadOnlyList<byte[]> linkKeys)
    {
        services.AddPlatformApi(api =>
        {
            api.PublicUrl = settings.PublicUrl!;

            // One secret to share between replicas is enough: whoever knows the links' signing key knows the quotes'.
            foreach (var key in linkKeys)
            {
                api.QuoteKeys.Add(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, QuoteKeyBytes, info: "platform quotes"u8.ToArray()));
            }

            api.AdminKey = settings.AdminKey ?? data.Secret("admin-key", () => $"adm-{ids.Next(SecretLength)}");
        });
        services.AddSingleton<DemoTenant>();
    }

    private static void AddGrains(WebApplicationBuilder builder, PlatformSettings settings)
    {
        if (settings.Faults is { KillAt.Length: > 0 } or { KillFile.Length: > 0 })
        {
            builder.Services.AddSingleton<IFaultPoints>(new KillFaultPoints(settings.Faults));
        }

        builder.Services.AddSandboxUpstream(sandbox =>
        {
            sandbox.Enabled = settings.Sandbox.Enabled is true;
            sandbox.Latency = settings.Sandbox.Latency;
            sandbox.Parallelism = settings.Sandbox.Parallelism ?? sandbox.Parallelism;
            sandbox.Lease = settings.Sandbox.Lease;

            // Where this is the only process on its store, what it finds rendering was left by a dead predecessor. In a cluster it may be
            // another's, and the lease tells.
            sandbox.RequeueAtStart = !settings.UsesPostgres;
        });
        builder.Host.UseOrleans(silo =>
        {
            Clustering.Join(silo, settings, builder.Configuration);
            silo.AddPlatformGrains(grains =>
            {
                grains.TasksInFlight = settings.Limits.Default.TasksInFlight;
                grains.QueueLength = settings.Limits.Default.QueueLength;
                grains.SandboxServesEveryone = settings.Sandbox.Everyone;
                grains.TaskLease = settings.Sweeper.Lease;
                grains.SweepInterval = settings.Sweeper.Interval;
                grains.SweepBatch = settings.Sweeper.Batch;
            });
        });
    }

    private static IEnumerable<string> LinkSigningKeys(PlatformSettings settings, DataDirectory data, CryptoIdSource ids)
    {
        yield return settings.LinkSigningKey ?? data.Secret("link-signing-key", () => ids.Next(SecretLength));
        if (settings.PreviousLinkSigningKey is { } previous)
        {
            yield return previous;
        }
    }

    /// <summary>Maps everything that answers.</summary>
    public static void MapPlatform(WebApplication app, PlatformSettings settings)
    {
        if (HostRole.ServesApi(settings.Role))
        {
            app.UsePlatformApi();
            app.MapPlatformApi();
            app.MapLandingPage(settings.PublicUrl!);
        }
        else
        {
            app.MapPlatformHealth();
        }
    }
}
