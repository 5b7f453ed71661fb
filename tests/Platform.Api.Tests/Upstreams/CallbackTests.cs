using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Reads;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Api.Tests.Upstreams;

/// <summary>The addresses that upstreams are given: callbacks and inputs.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CallbackTests(TestPlatform platform)
{
    private IUpstreamLinks Links => platform.Services.GetRequiredService<IUpstreamLinks>();

    [Fact]
    public async Task Post_AddressThatIsNotOurs_IsNotFound()
    {
        var task = await FinishedAsync();
        var url = Links.Callback(new(task.Tenant, task.Id, task.Attempts[0].Id));

        (await PostAsync(url[..^1] + (url[^1] == 'A' ? 'B' : 'A'), "{}")).Should().Be(HttpStatusCode.NotFound);
        (await PostAsync(url.Replace(task.Attempts[0].Id, "att_other", StringComparison.Ordinal), "{}")).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Post_AttemptThatNeverWas_IsNotFound()
    {
        var task = await FinishedAsync();

        (await PostAsync(Links.Callback(new(task.Tenant, task.Id, "att_never")), "{}")).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Post_WithoutTheProvidersProof_IsRefused()
    {
        var task = await FinishedAsync();

        (await PostAsync(Links.Callback(new(task.Tenant, task.Id, task.Attempts[0].Id)), "{}")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_TooLong_IsRefused()
    {
        var task = await FinishedAsync();

        (await PostAsync(Links.Callback(new(task.Tenant, task.Id, task.Attempts[0].Id)), new string(' ', 300_000)))
            .Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Get_InputLink_GivesTheCopyAndNothingElse()
    {
        var task = await FinishedAsync();
        var video = task.Inputs.Single(i => i.Kind == MediaKind.Video);
        var ends = TimeProvider.System.GetUtcNow().AddHours(1);
        var link = Links.Input(task.Tenant, task.Id, video, ends);

        using var response = await platform.Anonymous.GetAsync(link);
        using var forged = await platform.Anonymous.GetAsync(link.Replace("video.mp4", "image.png", StringComparison.Ordinal));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");
        (await response.Content.ReadAsByteArrayAsync()).Should().Equal(platform.Media.Clip);
        forged.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        Links.Input(task.Tenant, task.Id, video, ends).Should().Be(link, "a resend must not differ");
    }

    private async Task<GenerationTask> FinishedAsync()
    {
        var tenant = await platform.NewTenantAsync(1000m);
        var id = (await tenant.CompleteAsync()).Id();
        return (await platform.Services.GetRequiredService<ITaskStore>().FindAsync(new(tenant.Id), new(id), default))!;
    }

    private async Task<HttpStatusCode> PostAsync(string url, string body)
    {
        using var response = await platform.Anonymous.PostAsync(url, Json.Content(body));
        return response.StatusCode;
    }
}
