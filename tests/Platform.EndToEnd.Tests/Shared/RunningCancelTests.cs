using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

[Collection(SharedPlatformTests.Name)]
public sealed class RunningCancelTests(SharedPlatform shared)
{
    private const int Races = 12;

    [Fact]
    public async Task Cancel_WhileAnUpstreamRunsIt_StopsItThereAndIsFree()
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var id = await caller.CreatedAsync(await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds), Wanted.Hang);
        await JobOfAsync(id);
        (await caller.TaskAsync(id)).GetProperty("task_info").Raw("can_cancel").Should().Be("true");

        var cancelled = (await caller.CancelAsync(id)).Ok();
        cancelled.Text("status").Should().Be("cancelled");
        cancelled.GetProperty("task_info").Raw("can_cancel").Should().Be("false");
        cancelled.GetProperty("error").Text("code").Should().Be("request_cancelled");
        cancelled.GetProperty("usage").Raw("credits_used").Should().Be("0");
        (await caller.EntriesAsync(id)).Should().Equal("hold -40.824 40.824", "release 40.824 -40.824");
        (await JobOfAsync(id)).Should().Be(SandboxJob.Cancelled);
    }

    [Fact]
    public async Task Cancel_TwiceAtOnce_BothSucceedWithOneResolution()
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var id = await caller.CreatedAsync(await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds), Wanted.Hang);
        await JobOfAsync(id);

        var answers = await Task.WhenAll(caller.CancelAsync(id), caller.CancelAsync(id));
        answers.Select(a => a.Ok().Text("status")).Should().AllBe("cancelled");
        (await caller.CancelAsync(id)).Ok().Text("status").Should().Be("cancelled", "cancelling what is cancelled is no error");
        (await caller.EntriesAsync(id)).Should().Equal("hold -40.824 40.824", "release 40.824 -40.824");
        (await shared.Platform.Books.NumberAsync("SELECT COUNT(*) FROM resolutions WHERE task_id = $1", id)).Should().Be(1);
        (await shared.Platform.Books.NumberAsync("SELECT COUNT(*) FROM outbox WHERE task_id = $1", id)).Should().Be(1);
    }

    [Fact]
    public async Task Cancel_RightAfterTheCreate_IsCancelledWhereverItIs()
    {
        var caller = await shared.Platform.NewTenantAsync("1000");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            var id = await caller.CreatedAsync(inputs, Wanted.Hang);
            (await caller.CancelAsync(id)).Ok().Text("status").Should().Be("cancelled");
            return id;
        }));

        foreach (var id in ids)
        {
            (await caller.EntriesAsync(id)).Should().Equal("hold -40.824 40.824", "release 40.824 -40.824");
        }
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_IsAConflict()
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var completed = await caller.EndedAsync(await caller.CreatedAsync(inputs));
        var failed = await caller.EndedAsync(await caller.CreatedAsync(inputs, new(Prompt: "[sandbox:fail=service_error]")));
        foreach (var task in new[] { completed, failed })
        {
            var refused = (await caller.CancelAsync(task.Text("id"))).Error(HttpStatusCode.Conflict);
            refused.Text("type").Should().Be("conflict_error");
            (await caller.TaskAsync(task.Text("id"))).Text("status").Should().Be(task.Text("status"));
        }
    }

    /// <summary>
    /// The cancel comes where the upstream starts to render, has just finished, or where the platform has just seen that: whichever
    /// end is committed first stands, the other one is told so, and the money follows it.
    /// </summary>
    [Fact]
    public async Task Cancel_AtTheMomentOfCompletion_HasOneEnd()
    {
        var caller = await shared.Platform.NewTenantAsync("1000");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var ends = new List<string>();
        for (var race = 0; race < Races; race++)
        {
            var id = await caller.CreatedAsync(inputs);
            await MomentAsync(id, race);
            var answers = await Task.WhenAll(Enumerable.Range(0, 1 + (race % 2)).Select(_ => caller.CancelAsync(id)));
            var end = (await caller.EndedAsync(id)).Text("status");
            ends.Add(end);
            foreach (var answer in answers)
            {
                if (answer.Status == HttpStatusCode.Conflict)
                {
                    end.Should().Be("completed", "a cancel that is refused leaves the task to complete");
                }
                else
                {
                    end.Should().Be(answer.Ok().Text("status"), "an end that was told stands");
                }
            }

            (await caller.EntriesAsync(id)).Should().Equal(
                "hold -24.4944 24.4944", end == "completed" ? "settlement 0 -24.4944" : "release 24.4944 -24.4944");
            (await shared.Platform.Books.RowsAsync("SELECT outcome, settled FROM resolutions WHERE task_id = $1", id))
                .Should().Equal(end == "completed" ? "3 2449440000" : "5 0");
            (await shared.Platform.Books.NumberAsync("SELECT COUNT(*) FROM outbox WHERE task_id = $1", id)).Should().Be(1);
        }

        ends.Distinct().Should().BeEquivalentTo(["completed", "cancelled"], "the moments must meet both ends");
        await shared.Platform.VerifyAsync();
    }

    // A moment of the race, seen in the database: no guess at how long something takes.
    private Task MomentAsync(string id, int race) => (race % 4) switch
    {
        0 => JobUntilAsync(id, job => job is SandboxJob.Rendering or SandboxJob.Succeeded),
        1 => JobUntilAsync(id, job => job == SandboxJob.Succeeded),
        2 => Wait.UntilAsync(
            "the output is seen",
            async () => (await shared.Platform.Books.RowsAsync("SELECT 1 FROM task_events WHERE task_id = $1 AND kind = 'output_ready'", id)).Count > 0,
            TimeSpan.FromMilliseconds(2)),
        _ => JobUntilAsync(id, _ => true),
    };

    private Task JobUntilAsync(string id, Func<SandboxJob, bool> reached) =>
        Wait.UntilAsync($"a moment of the job of {id}", async () => reached(await JobOfAsync(id)), TimeSpan.FromMilliseconds(2));

    /// <summary>Waits until the sandbox has a job of a task, and says where it stands.</summary>
    private async Task<SandboxJob> JobOfAsync(string id)
    {
        var rows = await Wait.ForAsync(
            $"the sandbox has a job of {id}",
            async () =>
            {
                var found = await shared.Platform.Books.RowsAsync(
                    """
                    SELECT j.status FROM sandbox_jobs j JOIN task_events e
                    ON e.kind = 'attempt_started' AND json_extract(e.data, '$.attempt') = j.reference WHERE e.task_id = $1
                    """,
                    id);
                return found.Count == 0 ? null : found;
            },
            TimeSpan.FromMilliseconds(2));
        return Enum.Parse<SandboxJob>(rows.Single());
    }

    private enum SandboxJob
    {
        Queued = 1,
        Rendering = 2,
        Succeeded = 3,
        Failed = 4,
        Cancelled = 5,
    }
}
