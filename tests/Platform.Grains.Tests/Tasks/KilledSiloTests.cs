using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

/// <summary>On a cluster of its own, for one of its silos dies.</summary>
public sealed class KilledSiloTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Kill_OneOfTwoSilosWithTasksInEveryPhase_AllEndOnceAndNothingIsMadeTwice()
    {
        fixture.Configure(o => o.TasksInFlight = 100);
        var customer = await Customer.NewAsync(fixture, 10_000m);
        var dead = fixture.Cluster.Silos[1];
        var down = false;
        customer.Script.Alpha.OnSubmit = async (n, accept, token) =>
        {
            // A third arrives and hangs, a third hangs and never arrives, a third is accepted: until the silo is dead.
            if (down || n % 3 == 0)
            {
                return accept();
            }

            if (n % 3 == 1)
            {
                accept();
            }

            return await Task.Delay(Timeout.InfiniteTimeSpan, fixture.World.Time, token).ContinueWith<Domain.Upstreams.SubmitOutcome>(
                _ => new Domain.Upstreams.SubmitOutcome.Unclear(World.Fault), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        };
        customer.Script.Alpha.OnQuery = (_, _) => Task.FromResult(down ? World.Succeeded : World.Running);
        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => customer.AcceptAsync()));
        await customer.UntilAsync(() => customer.Script.Alpha.Submits == 30, TimeSpan.Zero);

        await fixture.Cluster.KillSiloAsync(dead);
        down = true;
        for (var shard = 0; shard < TaskShard.Count; shard++)
        {
            await ReviveAsync(shard);
        }

        var tasks = new List<GenerationTask>();
        foreach (var id in ids)
        {
            tasks.Add(await customer.EndAsync(id));
        }

        tasks.Should().OnlyContain(t => t.Status == GenerationStatus.Completed && t.Attempts.Length == 1);
        await fixture.World.AssertSoundAsync();
        fixture.World.Upstreams.SelectMany(u => u.Jobs).Should().HaveCount(30);
        await customer.ShouldHaveAsync(10_000m - (30 * 40.824m), 30 * 40.824m);
    }

    // What a reminder does; the one of the test cluster may have died with the silo.
    private async Task ReviveAsync(int shard)
    {
        for (var tries = 0; ; tries++)
        {
            var start = fixture.Grains.GetGrain<ISweeperGrain>(shard).Start();
            for (var i = 0; i < 300 && !start.IsCompleted; i++)
            {
                await Task.WhenAny(start, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System));
                fixture.World.Time.Advance(TimeSpan.FromMilliseconds(200));
            }

            if (start.IsCompletedSuccessfully || tries == 10)
            {
                return;
            }
        }
    }
}
