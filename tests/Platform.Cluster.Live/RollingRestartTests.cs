using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Platform.Cluster.Live.Running;
using Platform.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Platform.Cluster.Live;

/// <summary>One silo after the other is asked to end and is started again, as an upgrade does, while customers go on.</summary>
[Collection(LiveClusterTests.Name)]
public sealed class RollingRestartTests(LiveCluster cluster, ITestOutputHelper output)
{
    private const int Unfinished = 40;
    private const int ReadsPerSecond = 200;
    private const int Readers = 8;

    private readonly ConcurrentDictionary<string, int> _troubles = new(StringComparer.Ordinal);
    private int _reads;

    [Fact]
    public async Task Silos_RestartedOneAfterTheOther_CustomersMeetClosedConnectionsAtMost()
    {
        using var stop = new CancellationTokenSource();
        await using var load = Load.Start(cluster, Unfinished);
        await load.UnfinishedAsync(Unfinished / 2);
        var watch = Stopwatch.StartNew();
        var readers = Enumerable.Range(0, Readers).Select(n => ReadAsync(load, n, stop.Token)).ToList();

        foreach (var silo in cluster.Silos)
        {
            silo.Terminate();
            (await silo.DeathAsync()).ExitCode.Should().Be(0, "it was asked to end; it said: {0}", silo.Log);
            silo.Start();
            await silo.ReadyAsync();
            await cluster.WholeAsync();
        }

        var elapsed = watch.Elapsed;
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        await load.StopAsync();
        output.WriteLine($"{_reads} reads in {elapsed.TotalSeconds:0} s and {load.Accepted.Count} creates; troubles of reads: {Text(_troubles)}; of creates: {Text(load.Troubles)}");
        _troubles.Keys.Should().BeSubsetOf(["closed"]);
        load.Troubles.Keys.Should().BeSubsetOf(["closed"]);
        await load.EachEndedOnceAsync();
    }

    /// <summary>Reads accepted tasks at an even rate, from whichever silo is its turn; what a closed connection cut off is asked of the next.</summary>
    private async Task ReadAsync(Load load, int reader, CancellationToken stop)
    {
        var each = TimeSpan.FromSeconds((double)Readers / ReadsPerSecond);
        var next = Stopwatch.GetTimestamp();
        for (var turn = reader; !stop.IsCancellationRequested; turn++)
        {
            var (id, (tenant, _)) = load.Accepted.ElementAt(turn % load.Accepted.Count);
            await ReadAsync(id, tenant, turn);
            Interlocked.Increment(ref _reads);
            next += (long)(each.TotalSeconds * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task ReadAsync(string id, Tenant tenant, int turn)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await new Caller(cluster.Silos[(turn + attempt) % LiveCluster.Size].Http, tenant.Key).GetAsync($"/v1/tasks/{id}");
                if (answer.Status == HttpStatusCode.OK)
                {
                    return;
                }

                _troubles.AddOrUpdate($"{(int)answer.Status}: {answer.Body}", 1, static (_, n) => n + 1);
            }
            catch (HttpRequestException)
            {
                _troubles.AddOrUpdate("closed", 1, static (_, n) => n + 1);
            }

            attempt.Should().BeLessThan(100, "a retry must heal it");
        }
    }

    private static string Text(IReadOnlyDictionary<string, int> troubles) =>
        troubles.Count == 0 ? "none" : string.Join(", ", troubles.Select(t => $"{t.Value} × {t.Key}"));
}
