using System.Net;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Reads;

[Collection(PlatformCollection.Name)]
public sealed class BatchTests(TestPlatform platform)
{
    private const string Path = "/v1/tasks/batch";

    [Fact]
    public async Task Batch_UnknownForeignAndRepeatedIds_GivesOwnTasksOnceInTheOrderAsked()
    {
        var (tenant, other) = (await platform.NewTenantAsync(credits: 100), await platform.NewTenantAsync(credits: 100));
        var inputs = await tenant.UploadSamplesAsync();
        var first = await tenant.CreateAsync(inputs, "[sandbox:hang]");
        var second = await tenant.CreateAsync(inputs, "[sandbox:hang]");
        var foreign = await other.CreateAsync(await other.UploadSamplesAsync(), "[sandbox:hang]");

        using var response = await tenant.PostAsync(
            Path, $$"""{"task_ids":["{{second}}","task-unified-1-none","{{foreign}}","{{first}}","{{second}}"]}""");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.JsonAsync()).Ids().Should().Equal(second, first);
        using var theirs = await other.PostAsync(Path, $$"""{"task_ids":["{{first}}"]}""");
        (await theirs.JsonAsync()).Ids().Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"task_ids":["task-unified-1-a","nonsense"]}""", "invalid_task_id", "task_ids[1]")]
    [InlineData("""{"task_ids":[7]}""", "invalid_task_id", "task_ids[0]")]
    [InlineData("""{"task_ids":["task-unified-1-a",null]}""", "invalid_task_id", "task_ids[1]")]
    [InlineData("""{"task_ids":["task-unified-\ud800"]}""", "invalid_task_id", "task_ids[0]")]
    [InlineData("""{"task_ids":[]}""", "invalid_parameter", "task_ids")]
    [InlineData("""{"task_ids":"task-unified-1-a"}""", "invalid_parameter", "task_ids")]
    [InlineData("""{"task_ids":null}""", "invalid_parameter", "task_ids")]
    [InlineData("{}", "invalid_parameter", "task_ids")]
    [InlineData("""{"task_ids":["task-unified-1-a"],"limit":1}""", "invalid_parameter", "limit")]
    [InlineData("[]", "invalid_body", null)]
    public async Task Batch_BadBody_NamesWhatIsWrong(string body, string code, string? param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync(Path, body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, code, param);
    }

    [Theory]
    [InlineData(50, HttpStatusCode.OK)]
    [InlineData(51, HttpStatusCode.BadRequest)]
    public async Task Batch_ManyIds_AreAtMostFifty(int count, HttpStatusCode status)
    {
        var tenant = await platform.NewTenantAsync();
        var ids = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"task-unified-1-{i}\""));

        using var response = await tenant.PostAsync(Path, $$"""{"task_ids":[{{ids}}]}""");

        response.StatusCode.Should().Be(status);
    }
}
