using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.TestingHost;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Secrets;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Domain.Webhooks;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tests.Cluster;

/// <summary>Two silos over one world. Tests share it, each with a tenant of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public World World { get; } = new();

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IGrainFactory Grains => Cluster.Client;

    /// <summary>The account of one kind of upstream.</summary>
    public IUpstreamAccountGrain Account(string kind) => Grains.GetGrain<IUpstreamAccountGrain>(ProviderAccount.Key(kind, "acc-" + kind));

    /// <summary>The options of all silos: the grains read limits anew each time.</summary>
    public void Configure(Action<GrainOptions> change)
    {
        foreach (var silo in Cluster.Silos)
        {
            change(Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IOptions<GrainOptions>>().Value);
        }
    }

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.AddPlatformGrains(_ => { });
            var services = silo.Services;
            services.AddSingleton<TimeProvider>(World.Time);
            services.AddSingleton<IAccountStore>(World.Stores);
            services.AddSingleton<ITaskStore>(World.Stores);
            services.AddSingleton<ITenantStore>(World.Memory);
            services.AddSingleton<ICatalog, BuiltInCatalog>();
            services.AddSingleton<IRouteTable>(World);
            services.AddSingleton<IIdSource>(World);
            services.AddSingleton<IRandomSource>(World);
            services.AddSingleton<IInputMedia>(World);
            services.AddSingleton<IResultMedia>(World);
            services.AddSingleton<IUpstreamLinks>(World);
            services.AddSingleton<IUpstreamAccounts>(World);
            services.AddSingleton<IUpstreamBooks>(World.Memory);
            services.AddSingleton<IWebhookDeliveries>(World.Memory);
            services.AddSingleton<IWebhookEndpointStore>(World.Memory);
            services.AddSingleton<IWebhookSender>(World.Receivers);
            services.AddSingleton<IWebhookBodies>(World.Receivers);
            services.AddSingleton<ISecretBox>(World.Receivers);
            foreach (var upstream in World.Upstreams)
            {
                services.AddSingleton<IUpstream>(upstream);
            }
        });
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        foreach (var silo in Cluster.Silos.ToList())
        {
            await Cluster.KillSiloAsync(silo);
        }

        await Cluster.DisposeAsync();
    }
}

/// <summary>Tests that share the cluster, one after the other: they share its clock.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
