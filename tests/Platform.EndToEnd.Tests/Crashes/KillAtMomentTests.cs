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

    [Fact]
    public async Task CreateWithoutKey_ReplyLostInACrashAndSentAgain_IsOneTaskAndANewWishIsAnother()
    {
        await using var platform = new PlatformProcess();
        await platform.StartAsync();
        var caller = platform.Caller();
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);

        // Answered, and twice on purpose: two variants.
        var wanted = new Wanted(Prompt: "Two variants");
        var variants = new[] { await caller.CreatedAsync(inputs, wanted), await caller.CreatedAsync(inputs, wanted) };
        variants.Should().OnlyHaveUniqueItems();
        foreach (var variant in variants)
        {
            (await caller.EndedAsync(variant)).Text("status").Should().Be("completed");
        }

        await AnswersAreKeptAsync(platform);
        await platform.KillAsync();
        await platform.StartAsync(("Platform__Faults__KillAt", "accepted"));
        var lost = () => caller.CreateAsync(inputs);
        await lost.Should().ThrowAsync<HttpRequestException>();
        await platform.DeathAsync();
        await platform.StartAsync();

        var again = await caller.CreateAsync(inputs);
        var onceMore = await caller.CreateAsync(inputs);
        var third = await caller.CreateAsync(inputs, wanted);

        var id = again.Ok().Text("id");
        again.Replayed.Should().Be("body");
        onceMore.Ok().Text("id").Should().Be(id);
        third.Ok().Text("id").Should().NotBe(id);
        variants.Should().NotContain(third.Ok().Text("id"), "what was answered is asked for anew");
        third.Replayed.Should().BeNull();
        string[] tasks = [.. variants, id, third.Ok().Text("id")];
        foreach (var task in tasks)
        {
            (await caller.EndedAsync(task)).Text("status").Should().Be("completed");
        }

        await platform.Books.EachTaskCompletedOnceAsync(tasks);
        await platform.VerifyAsync();
    }

    [Fact]
    public async Task Batch_ReplyLostInACrashAndSentAgain_IsOneBatchWithAndWithoutKey()
    {
        await using var platform = new PlatformProcess();
        foreach (var key in new[] { "batch-of-the-lost-reply", null })
        {
            await platform.StartAsync(("Platform__Faults__KillAt", "accepted"));
            var caller = platform.Caller();
            var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
            var body = $$"""
                {"model":"kling-v3-motion-control","video_urls":"{{inputs.Video}}","quality":"720p","model_params":{"character_orientation":"image"},
                 "mode":"partial","items":[{"image_urls":"{{inputs.Image}}"},{"image_urls":"{{inputs.Image}}","quality":"4k"},{"image_urls":"{{inputs.Image}}"}]}
                """;
            var lost = () => caller.PostAsync("/v1/videos/generations/batch", body, key);
            await lost.Should().ThrowAsync<HttpRequestException>();
            await platform.DeathAsync();
            await platform.StartAsync();

            var first = await caller.PostAsync("/v1/videos/generations/batch", body, key);
            var second = await caller.PostAsync("/v1/videos/generations/batch", body, key);

            first.Replayed.Should().Be(key is null ? "body" : "true");
            first.Ok().GetProperty("accepted").GetInt32().Should().Be(2);
            first.Ok().GetProperty("data")[1].GetProperty("error").Text("param").Should().Be("quality");
            second.Ok().Text("id").Should().Be(first.Ok().Text("id"));
            foreach (var item in first.Ok().GetProperty("data").EnumerateArray().Where(i => i.TryGetProperty("task", out _)))
            {
                (await caller.EndedAsync(item.GetProperty("task").Text("id"))).Text("status").Should().Be("completed");
            }

            await platform.KillAsync();
        }

        await platform.Books.EachTaskCompletedOnceAsync(await platform.Books.RowsAsync("SELECT id FROM tasks"));
        (await platform.Books.NumberAsync("SELECT COUNT(*) FROM tasks")).Should().Be(4);
        await platform.VerifyAsync();
    }

    // Any commit of the account keeps what was answered before it; a grant is one.
    private static async Task AnswersAreKeptAsync(PlatformProcess platform)
    {
        var admin = platform.Caller(await File.ReadAllTextAsync(Path.Combine(platform.Folder, "data", "secrets", "admin-key")));
        var tenant = (await platform.Books.RowsAsync("SELECT id FROM tenants"))[0];
        await Wait.UntilAsync("answers that are kept", async () =>
        {
            (await admin.PostAsync($"/admin/v1/tenants/{tenant}/grants", """{"credits":1,"note":"A commit"}""")).Ok();
            return await platform.Books.NumberAsync("SELECT COUNT(*) FROM accounts WHERE answered_through = version") == 1;
        });
    }

    private static Task<long> StepsAsync(PlatformProcess platform) => platform.Books.NumberAsync("SELECT COUNT(*) FROM task_events");
}
