using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>What a person at a terminal uses: the verbs, and the first call of the README.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class OperatorTests(SharedPlatform shared)
{
    [Fact]
    public async Task TaskVerb_CompletedTask_PrintsItsHistory()
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var id = await caller.CreatedAsync(await caller.UploadAsync(await Clips.Image, await Clips.Quick));
        await caller.EndedAsync(id);

        var printed = await shared.Platform.RunVerbAsync("task", id);
        printed.ExitCode.Should().Be(0);
        var lines = printed.Output.Split('\n');
        lines[0].Should().StartWith($"{id}  tenant ten_").And.Contain("  completed  ");
        string[] steps = ["accepted, 24.4944 credits held for 3 s", "inputs copied: ", "attempt att_", "attempt att_", "output ready: ", "completed: 3 s, billed 3 s = 24.4944 credits"];
        lines[2..^1].Select(l => l[28..]).Should().HaveSameCount(steps);
        for (var n = 0; n < steps.Length; n++)
        {
            lines[n + 2].Should().MatchRegex(@"^  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z  ").And.Contain(steps[n]);
        }
    }

    [Theory]
    [InlineData("task-unified-1757169743-v3mc", "There is no task")]
    [InlineData("nonsense", "is no task id")]
    public async Task TaskVerb_NoSuchTask_SaysSo(string id, string said)
    {
        var printed = await shared.Platform.RunVerbAsync("task", id);
        printed.ExitCode.Should().Be(1);
        printed.Output.Should().Contain(said);
    }

    [Fact]
    public async Task FirstCall_OfTheReadme_SavesAVideo()
    {
        var folder = Directory.CreateDirectory(Path.Combine(shared.Platform.Folder, "first-call"));
        var called = await Programs.RunAsync(
            Path.Combine(Programs.Repository, "samples", "first-call.sh"),
            [],
            folder.FullName,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["URL"] = shared.Platform.Url, ["KEY"] = PlatformProcess.DemoKey });

        called.ExitCode.Should().Be(0, "it said: {0}", called.Output);
        var video = await Video.ProbeAsync(folder.GetFiles("task-unified-*.mp4").Should().ContainSingle().Subject.FullName);
        video.Should().BeEquivalentTo(new Video("h264", 720, 5m, HasSound: true), how => how
            .Using<decimal>(c => c.Subject.Should().BeApproximately(c.Expectation, 0.1m)).WhenTypeIs<decimal>());
    }
}
