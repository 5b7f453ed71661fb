using System.Globalization;
using System.Net;
using Platform.Cluster.Live.Running;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live;

/// <summary>
/// A second cluster over the same database, which knows nothing of the first: every tenant, every task and every sweeper lives twice, for
/// as long as one likes. Only the fences of the database are left.
/// </summary>
[Collection(LiveClusterTests.Name)]
public sealed class DuplicateActivationTests(LiveCluster cluster)
{
    private const int Affordable = 10;

    // Three seconds at 720p.
    private const decimal Hold = 24.4944m;

    [Fact]
    public async Task TenantsAndTasks_LiveTwice_NothingIsOverspentSubmittedOrSettledTwice()
    {
        await using var twin = new SiloProcess(
            "twin", cluster.Folder, new Dictionary<string, string>(cluster.Settings) { ["Platform__ClusterId"] = "another" });
        twin.Start();
        await twin.ReadyAsync();
        var tenant = await Tenant.NewAsync(twin.Http, LiveCluster.AdminKey, (Affordable * Hold).ToString(CultureInfo.InvariantCulture));
        Caller[] doors = [new(cluster.Silos[0].Http, tenant.Key), new(twin.Http, tenant.Key)];

        // Twice as many as it can pay for, half of them through each door.
        var wanted = new Wanted(Prompt: "[sandbox:hang]");
        var answers = await Task.WhenAll(Enumerable.Range(0, Affordable * 2).Select(n => doors[n % 2].CreateAsync(tenant.Inputs, wanted)));
        answers.Select(a => a.Status).Where(s => s != HttpStatusCode.PaymentRequired).Should().HaveCount(Affordable).And.OnlyContain(s => s == HttpStatusCode.OK);
        var tasks = answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => a.Body.Text("id")).ToArray();

        // Until the sweepers of both clusters have woken their own activation of each: a claim moves the due time on.
        await Wait.UntilAsync("an upstream has every task", async () =>
            await cluster.Database.NumberAsync("SELECT count(*) FROM task_events WHERE tenant = $1 AND kind = 'attempt_accepted'", tenant.Id) == Affordable);
        var due = await DueAsync(tasks);
        await Wait.UntilAsync("a second lease of every task", async () => await DueAsync(tasks) > due + (2 * 10_000));

        // Both activations end it at once.
        await Task.WhenAll(tasks.SelectMany(id => doors.Select(door => door.CancelAsync(id))));
        await Wait.UntilAsync("the end of every task", async () =>
            await cluster.Database.NumberAsync("SELECT count(*) FROM tasks WHERE id = ANY($1) AND status = 5", tasks) == Affordable);

        (await cluster.Database.NumberAsync("SELECT count(*) FROM resolutions WHERE tenant = $1 AND settled = 0", tenant.Id)).Should().Be(Affordable);
        (await cluster.Database.NumberAsync("SELECT count(*) FROM ledger_entries WHERE tenant = $1 AND kind = 2", tenant.Id)).Should().Be(Affordable);
        (await cluster.Database.NumberAsync("SELECT count(*) FROM ledger_entries WHERE tenant = $1 AND kind = 4", tenant.Id)).Should().Be(Affordable);
        (await cluster.Database.NumberAsync("SELECT count(*) FROM outbox WHERE tenant = $1", tenant.Id)).Should().Be(Affordable);
        (await cluster.Database.NumberAsync("SELECT count(*) FROM sandbox_jobs WHERE submissions <> 1")).Should().Be(0);
        (await cluster.Database.NumberAsync("SELECT count(*) FROM task_events WHERE tenant = $1 AND kind = 'attempt_started'", tenant.Id)).Should().Be(Affordable);
        (await cluster.Database.LinesAsync("SELECT available, held, settled FROM accounts WHERE tenant = $1", tenant.Id))
            .Should().Equal($"{(long)(Affordable * Hold * 100_000_000m)} 0 0");
        twin.Terminate();
        (await twin.DeathAsync()).ExitCode.Should().Be(0);
        await cluster.VerifyAsync();
    }

    /// <summary>The earliest time at which one of them is due.</summary>
    private Task<long> DueAsync(string[] tasks) => cluster.Database.NumberAsync("SELECT min(due_at) FROM tasks WHERE id = ANY($1)", tasks);
}
