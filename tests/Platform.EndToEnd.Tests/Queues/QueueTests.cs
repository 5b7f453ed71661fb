using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Queues;

/// <summary>A process in which a tenant may have one task in flight and two waiting.</summary>
public sealed class NarrowPlatform : IAsyncLifetime
{
    public PlatformProcess Platform { get; } = new(
        ("Platform__Sandbox__Everyone", "true"),
        ("Platform__Limits__Default__TasksInFlight", "1"),
        ("Platform__Limits__Default__QueueLength", "2"));

    public Task InitializeAsync() => Platform.StartAsync();

    public async Task DisposeAsync() => await Platform.DisposeAsync();
}

public sealed class QueueTests(NarrowPlatform narrow) : IClassFixture<NarrowPlatform>
{
    [Fact]
    public async Task Cancel_WhileWaitingForAPlace_IsImmediateAndFree()
    {
        var caller = await narrow.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var first = await caller.CreatedAsync(inputs, Wanted.Hang);
        var second = (await caller.CreateAsync(inputs)).Ok();
        second.Text("status").Should().Be("pending");
        await caller.ProcessingAsync(first);

        var cancelled = (await caller.CancelAsync(second.Text("id"))).Ok();
        cancelled.Text("status").Should().Be("cancelled");
        cancelled.GetProperty("usage").Raw("credits_used").Should().Be("0");
        (await caller.EntriesAsync(second.Text("id"))).Should().Equal("hold -40.824 40.824", "release 40.824 -40.824");
        (await narrow.Platform.Books.RowsAsync("SELECT kind FROM task_events WHERE task_id = $1 ORDER BY version", second.Text("id")))
            .Should().Equal("accepted", "cancelled");
        (await caller.TaskAsync(first)).Text("status").Should().Be("processing", "the one in flight is not touched");
        (await caller.CancelAsync(first)).Ok();
        await narrow.Platform.VerifyAsync();
    }

    [Fact]
    public async Task Create_MoreThanMayRun_RunInOrderOneByOne()
    {
        var caller = await narrow.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var ids = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            ids.Add(await caller.CreatedAsync(inputs));
        }

        foreach (var id in ids)
        {
            (await caller.EndedAsync(id)).Text("status").Should().Be("completed");
        }

        // Each one's first step comes after the end of the one before.
        var steps = await narrow.Platform.Books.RowsAsync(
            """
            SELECT task_id, kind FROM task_events
            WHERE tenant = (SELECT tenant FROM tasks WHERE id = $1) AND kind IN ('inputs_copied', 'completed') ORDER BY at, version DESC
            """,
            ids[0]);
        steps.Should().Equal(ids.SelectMany(id => new[] { $"{id} inputs_copied", $"{id} completed" }));
    }

    [Fact]
    public async Task Create_QueueIsFull_IsRefusedWithoutAHold()
    {
        var caller = await narrow.Platform.NewTenantAsync("1000");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => caller.CreateAsync(inputs, Wanted.Hang)));

        var accepted = answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => a.Body.Text("id")).ToList();
        accepted.Should().HaveCount(3);
        foreach (var error in answers.Where(a => a.Status != HttpStatusCode.OK).Select(a => a.Error(HttpStatusCode.TooManyRequests)))
        {
            error.Text("code").Should().Be("queue_full");
            error.Text("type").Should().Be("rate_limit_error");
        }

        (await caller.LedgerAsync()).Select(e => e.Text("kind")).Should().Equal("grant", "hold", "hold", "hold");

        // An end makes room: the next one in the queue gets the place, and another create gets into the queue.
        var running = (await caller.TasksAsync()).Select(t => t.Text("id")).Last();
        await caller.ProcessingAsync(running);
        (await caller.CancelAsync(running)).Ok().Text("status").Should().Be("cancelled");
        (await caller.CreateAsync(inputs, Wanted.Hang)).Ok();
        foreach (var id in accepted)
        {
            (await caller.CancelAsync(id)).Ok().Text("status").Should().Be("cancelled");
        }
    }
}
