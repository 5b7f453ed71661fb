using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>What another tenant has looks exactly as what never was.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class IsolationTests(SharedPlatform shared)
{
    private const string NoTask = "task-unified-1757169743-v3mc";
    private const string NoFile = "file_neverwas";

    [Fact]
    public async Task AnotherTenant_TasksAndFiles_AreNotThere()
    {
        var owner = await shared.Platform.NewTenantAsync("100");
        var other = await shared.Platform.NewTenantAsync("100");
        var inputs = await owner.UploadAsync(await Clips.Image, await Clips.Quick);
        var id = await owner.CreatedAsync(inputs, Wanted.Hang);
        var file = (await owner.GetAsync("/v1/files")).Ok().GetProperty("data")[0].Text("id");

        await ExpectSameAsync(other.GetAsync($"/v1/tasks/{id}"), other.GetAsync($"/v1/tasks/{NoTask}"));
        await ExpectSameAsync(other.CancelAsync(id), other.CancelAsync(NoTask));
        await ExpectSameAsync(other.GetAsync($"/v1/files/{file}"), other.GetAsync($"/v1/files/{NoFile}"));
        await ExpectSameAsync(other.DeleteAsync($"/v1/files/{file}"), other.DeleteAsync($"/v1/files/{NoFile}"));
        (await other.TasksAsync()).Should().BeEmpty();
        (await other.GetAsync("/v1/files")).Ok().GetProperty("data").GetArrayLength().Should().Be(0);
        (await other.LedgerAsync()).Select(e => e.Text("kind")).Should().Equal("grant");

        // A link shows the bytes to whoever has it; as an input it works for its owner only.
        (await other.CreateAsync(inputs, Wanted.Hang)).Error(HttpStatusCode.BadRequest).Text("param").Should().Be("image_urls");

        (await owner.TaskAsync(id)).Text("status").Should().NotBe("cancelled");
        (await owner.GetAsync($"/v1/files/{file}")).Ok();
        (await owner.CancelAsync(id)).Ok().Text("status").Should().Be("cancelled");
    }

    private static async Task ExpectSameAsync(Task<Answer> foreign, Task<Answer> never)
    {
        var (one, other) = ((await foreign).Error(HttpStatusCode.NotFound), (await never).Error(HttpStatusCode.NotFound));
        foreach (var field in new[] { "code", "message", "type" })
        {
            one.Text(field).Should().Be(other.Text(field));
        }
    }
}
