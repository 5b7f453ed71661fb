using System.Diagnostics;
using Platform.EndToEnd.Tests.Running;
using Platform.Grains.Faults;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Crashes;

/// <summary>The process kills itself at each place between two steps, with tasks queued, running and ending around it.</summary>
public sealed class KillAtPointTests(ITestOutputHelper output)
{
    private const int Tasks = 5;

    // From the start of the process; a second on a machine with nothing else to do.
    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Points => [.. FaultPoint.All];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task KilledAtPoint_StartedAgain_EveryTaskCompletesOnce(string point)
    {
        // Three places: two tasks that take longer, so that they still run when the third one dies, and a queue.
        await using var platform = new PlatformProcess(("Platform__Limits__Default__TasksInFlight", "3"));
        await platform.StartAsync(("Platform__Faults__KillAt", point));
        var caller = platform.Caller();
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var answers = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(n => AcceptedAsync(caller, inputs, n)));
        await platform.DeathAsync();

        var restart = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var watch = Stopwatch.StartNew();
        await platform.StartAsync();
        var started = watch.Elapsed;
        var tasks = (await caller.TasksAsync()).ConvertAll(t => t.Text("id"));
        tasks.Should().NotBeEmpty();
        answers.OfType<string>().Should().BeSubsetOf(tasks, "what was accepted stays");
        foreach (var id in tasks)
        {
            (await caller.EndedAsync(id)).Text("status").Should().Be("completed");
        }

        output.WriteLine($"{tasks.Count} tasks; ready after {started.TotalSeconds:0.0} s, all done after {watch.Elapsed.TotalSeconds:0.0} s.");
        foreach (var step in await platform.Books.RowsAsync(
            $"SELECT task_id, kind, printf('%+.1f s', (at - {restart}) / 1000.0) FROM task_events ORDER BY task_id, version"))
        {
            output.WriteLine(step);
        }

        // What was in flight goes on at once: nobody waits for a lease of the dead process, which is 30 s.
        (await platform.Books.NumberAsync($"SELECT MIN(at) - {restart} FROM task_events WHERE at > {restart}"))
            .Should().BeLessThan((long)FirstStep.TotalMilliseconds);
        await platform.Books.EachTaskCompletedOnceAsync(tasks);
        await platform.VerifyAsync();
    }

    // Null where the process died before it answered: it may have accepted the task or not.
    private static async Task<string?> AcceptedAsync(Caller caller, Inputs inputs, int n)
    {
        try
        {
            return await caller.CreatedAsync(inputs, n < 2 ? new(Prompt: "[sandbox:late=2s]") : null);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
