using System.Net;
using Orleans.Configuration;
using Platform.Host.Settings;
using Platform.Storage.Postgres;

namespace Platform.Host.Startup;

/// <summary>How a process finds the others: alone on its machine with SQLite, by the database's list of silos with PostgreSQL.</summary>
internal static class Clustering
{
    private const string ServiceId = "platform";
    private const string Invariant = "Npgsql";

    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    // A client learns of a new or a lost gateway this late; a lost one it notices by its connection.
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Makes a silo.</summary>
    public static void Join(ISiloBuilder silo, PlatformSettings settings, IConfiguration configuration)
    {
        var places = settings.Silo;
        if (!settings.UsesPostgres)
        {
            silo.UseLocalhostClustering(places.Port, places.GatewayPort, primarySiloEndpoint: null, ServiceId, settings.ClusterId)
                .UseInMemoryReminderService();
            return;
        }

        var database = OrleansSchema.ConnectionString(configuration.GetConnectionString(PlatformSettings.ConnectionName)!);
        var address = IPAddress.Parse(places.Address ?? configuration["POD_IP"] ?? IPAddress.Loopback.ToString());
        silo.ConfigureEndpoints(address, places.Port, places.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address))
            .UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = Invariant;
                clustering.ConnectionString = database;
            })
            .UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = Invariant;
                reminders.ConnectionString = database;
            })
            .AddAdoNetGrainStorageAsDefault(state =>
            {
                state.Invariant = Invariant;
                state.ConnectionString = database;
            })
            .Configure<ClusterOptions>(cluster => Name(cluster, settings))
            .Configure<SiloOptions>(names => names.SiloName = configuration["POD_NAME"] ?? $"{address}:{places.Port}")
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = places.ProbeTimeout;
                membership.NumMissedProbesLimit = places.MissedProbes;
                membership.NumVotesForDeathDeclaration = places.VotesForDeath;
                membership.TableRefreshTimeout = places.TableRefresh;
                membership.IAmAliveTablePublishTimeout = places.Heartbeat;
            });
    }

    /// <summary>Makes a client of the cluster; it waits for the first silo, however long that takes.</summary>
    public static void Join(IClientBuilder client, PlatformSettings settings, IConfiguration configuration) => client
        .UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = Invariant;
            clustering.ConnectionString = OrleansSchema.ConnectionString(configuration.GetConnectionString(PlatformSettings.ConnectionName)!);
        })
        .Configure<ClusterOptions>(cluster => Name(cluster, settings))
        .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = GatewayRefresh)
        .UseConnectionRetryFilter(static async (_, cancellationToken) =>
        {
            await Task.Delay(ConnectPause, TimeProvider.System, cancellationToken);
            return true;
        });

    private static void Name(ClusterOptions cluster, PlatformSettings settings)
    {
        cluster.ClusterId = settings.ClusterId;
        cluster.ServiceId = ServiceId;
    }
}
