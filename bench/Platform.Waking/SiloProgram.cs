using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Platform.Storage.Postgres;

namespace Platform.Waking;

/// <summary>One silo, a process of its own. It takes lines: <c>remind FROM TO SECONDS SPREAD</c>, <c>sweep</c>.</summary>
internal static class SiloProgram
{
    public static async Task RunAsync(string database, int port, bool sweeps)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(database + ";Maximum Pool Size=8"));
        builder.Services.AddSingleton<Wakes>();
        builder.Services.AddHostedService(p => p.GetRequiredService<Wakes>());
        var orleans = OrleansSchema.ConnectionString(database);
        builder.UseOrleans(silo => silo
            .ConfigureEndpoints(System.Net.IPAddress.Loopback, port, port + 1)
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("bench", "bench"))
            .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", orleans))
            .UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = ("Npgsql", orleans)));
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        if (sweeps)
        {
            _ = KeepSweepingAsync(grains);
        }

        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var numbers = line.Split(' ')[1..].Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
            await Parallel.ForEachAsync(
                Enumerable.Range(numbers[0], numbers[1] - numbers[0]),
                new ParallelOptions { MaxDegreeOfParallelism = 32 },
                async (n, _) => await grains.GetGrain<IDueTask>(n).Remind(DueTimes.In(n, numbers[2], numbers[3])));
            Console.WriteLine("done");
        }

        await host.StopAsync();
    }

    // As the platform's silos do: asked for again every five seconds.
    private static async Task KeepSweepingAsync(IGrainFactory grains)
    {
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, Sweeper.Shards).Select(s => grains.GetGrain<ISweeper>(s).Start()))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        }
    }
}

/// <summary>When each task is due: spread evenly.</summary>
internal static class DueTimes
{
    public static TimeSpan In(int task, int seconds, int spread) => TimeSpan.FromSeconds(seconds + (task % 1000 * (double)spread / 1000));
}
