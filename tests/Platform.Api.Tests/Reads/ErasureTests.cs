using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tasks.Erasure;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Api.Tests.Reads;

[Collection(PlatformCollection.Name)]
public sealed class ErasureTests(TestPlatform platform)
{
    [Fact]
    public async Task Delete_OfACompletedTask_TakesTheBytesAndLeavesTheTaskAndItsReceipt()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var task = await tenant.CompleteAsync();
        var link = task.GetProperty("results")[0].GetString()!;
        BlobsOf(tenant, task.Id()).Should().HaveCount(3);

        using var first = await tenant.Client.DeleteAsync($"/v1/tasks/{task.Id()}/media");
        using var again = await tenant.Client.DeleteAsync($"/v1/tasks/{task.Id()}/media");

        first.StatusCode.Should().Be(HttpStatusCode.OK);
        var erased = await first.JsonAsync();
        erased.GetProperty("media_deleted_at").GetInt64().Should().BePositive();
        erased.Names().Should().NotContain("results").And.NotContain("result_data");
        (await again.JsonAsync()).GetProperty("media_deleted_at").GetRawText().Should().Be(erased.GetProperty("media_deleted_at").GetRawText());
        (await tenant.GetJsonAsync($"/v1/tasks/{task.Id()}")).GetRawText().Should().Be(erased.GetRawText());
        erased.GetProperty("usage").GetProperty("credits_used").GetRawText().Should().Be("40.824");
        BlobsOf(tenant, task.Id()).Should().BeEmpty();
        using var gone = await platform.Anonymous.GetAsync(link);
        await gone.ShouldBeErrorAsync(HttpStatusCode.Gone, "media_deleted");
        var receipt = await tenant.GetJsonAsync($"/v1/tasks/{task.Id()}/receipt");
        receipt.GetProperty("result").GetProperty("sha256").GetString().Should().HaveLength(64);
        receipt.GetProperty("media_deleted_at").GetInt64().Should().Be(erased.GetProperty("media_deleted_at").GetInt64());
    }

    [Fact]
    public async Task Delete_ProcessDiesBeforeTheBytesAreGone_IsFinishedByARepeat()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var task = await tenant.CompleteAsync();
        var store = platform.Services.GetRequiredService<ITaskStore>();
        var dying = new MediaErasure(store, new DyingBlobs(), TimeProvider.System);

        var act = () => dying.EraseAsync(new(tenant.Id), new(task.Id()), default);

        await act.Should().ThrowAsync<IOException>();
        BlobsOf(tenant, task.Id()).Should().HaveCount(3);
        (await tenant.GetJsonAsync($"/v1/tasks/{task.Id()}")).Names().Should().Contain("media_deleted_at").And.NotContain("results");
        using var hidden = await platform.Anonymous.GetAsync(task.GetProperty("results")[0].GetString());
        await hidden.ShouldBeErrorAsync(HttpStatusCode.Gone, "media_deleted");
        using var repeat = await tenant.Client.DeleteAsync($"/v1/tasks/{task.Id()}/media");
        repeat.StatusCode.Should().Be(HttpStatusCode.OK);
        BlobsOf(tenant, task.Id()).Should().BeEmpty();
        (await store.HistoryAsync(new(tenant.Id), new(task.Id()), default)).OfType<TaskEvent.MediaErased>().Should().ContainSingle();
    }

    [Fact]
    public async Task Delete_RunningUnknownOrForeign_IsRefused()
    {
        var (tenant, other) = (await platform.NewTenantAsync(credits: 100), await platform.NewTenantAsync());
        var id = await tenant.CreateAsync(await tenant.UploadSamplesAsync(), "[sandbox:hang]");

        using var running = await tenant.Client.DeleteAsync($"/v1/tasks/{id}/media");
        using var foreign = await other.Client.DeleteAsync($"/v1/tasks/{id}/media");
        using var malformed = await tenant.Client.DeleteAsync("/v1/tasks/7/media");

        (await running.ShouldBeErrorAsync(HttpStatusCode.Conflict, "task_not_ended")).Should().Contain("Cancel it");
        await foreign.ShouldBeErrorAsync(HttpStatusCode.NotFound, "task_not_found");
        await malformed.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_task_id", "id");
    }

    private IEnumerable<string> BlobsOf(TestTenant tenant, string task) => platform.Blobs("inputs").Concat(platform.Blobs("results"))
        .Where(p => p.Contains($"{tenant.Id}/{task}/", StringComparison.Ordinal));

    private sealed class DyingBlobs : IBlobStore
    {
        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new IOException("The process dies here.");

        public Task<BlobInfo> WriteAsync(string key, Stream content, long maxBytes, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LocalFileLease?> LeaseLocalFileAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
