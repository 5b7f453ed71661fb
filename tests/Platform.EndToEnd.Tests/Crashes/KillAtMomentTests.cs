using Platform.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Crashes;

/// <summary>Kills from outside, at moments that nobody chose, and a reply that got lost.</summary>
public sealed class KillAtMomentTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Tasks = 10;
    private const int Seed = 20261123;

    [Fact]
    public async Task KilledAtRandomMoments_StartedAgain_EveryTaskCompletesOnce()
    {
        await using var platform = new PlatformProcess();
        await platform.StartAsync();
        var caller = platform.Caller();
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var tasks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => caller.CreatedAsync(inputs)));

        // The clock of a kill is the number of steps that are committed: a task takes six of them.
#pragma warning disable CA5394 // Chance, not a secret.
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            var until = await StepsAsync(platform) + random.Next(4, Tasks * 6 / (Rounds + 1));
            await Wait.UntilAsync($"{until} steps", async () => await StepsAsync(platform) >= until, TimeSpan.FromMilliseconds(1));
            await platform.KillAsync();
            output.WriteLine($"Round {round}: killed after {until} steps.");
            await platform.StartAsync();
        }
#pragma warning restore CA5394

        foreach (var id in tasks)
        {
            (await caller.EndedAsync(id)).Text("status").Should().Be("completed");
        }

        await platform.Books.EachTaskCompletedOnceAsync(tasks);
        await platform.VerifyAsync();
    }

    [Fact]
    public async Task Create_ReplyLostInACrashAndSentAgain_IsOneTask()
    {
        await using var platform = new PlatformProcess();
        await platform.StartAsync(("Platform__Faults__KillAt", "accepted"));
        var caller = platform.Caller();
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var lost = () => caller.CreateAsync(inputs, idempotencyKey: "order-of-the-lost-reply");
        await lost.Should().ThrowAsync<HttpRequestException>();
        await platform.DeathAsync();
        await platform.StartAsync();

        var again = await caller.CreateAsync(inputs, idempotencyKey: "order-of-the-lost-reply");
        var id = again.Ok().Text("id");
        again.Replayed.Should().Be("true");
        (await caller.EndedAsync(id)).Text("status").Should().Be("completed");
        (await caller.LedgerAsync()).Select(e => e.Text("kind")).Should().Equal("grant", "hold", "settlement");
        await platform.Books.EachTaskCompletedOnceAsync([id]);
        await platform.VerifyAsync();
    }

    private static Task<long> StepsAsync(PlatformProcess platform) => platform.Books.NumberAsync("SELECT COUNT(*) FROM task_events");
}
