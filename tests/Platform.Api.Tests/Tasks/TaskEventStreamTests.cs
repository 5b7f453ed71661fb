using System.Net;
using System.Text.Json;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Tasks;

[Collection(PlatformCollection.Name)]
public sealed class TaskEventStreamTests(TestPlatform platform)
{
    [Fact]
    public async Task Events_OwnTaskCreatedAndCancelled_AreToldInOrder()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var inputs = await tenant.UploadSamplesAsync();
        using var stream = await EventStream.OpenAsync(tenant);

        using var created = await tenant.PostAsync("/v1/videos/generations", Bodies.Hanging(inputs).ToJsonString());
        var id = (await created.JsonAsync()).GetProperty("id").GetString()!;
        using var cancelled = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");
        cancelled.StatusCode.Should().Be(HttpStatusCode.OK);

        var statuses = await stream.ReadStatusesAsync(id, until: "cancelled");
        string[] order = ["pending", "processing", "cancelled"];
        statuses.Should().BeSubsetOf(order);
        statuses.Select(status => Array.IndexOf(order, status)).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Events_ClientThatGoes_IsNoError()
    {
        var tenant = await platform.NewTenantAsync();
        for (var i = 0; i < 20; i++)
        {
            using var stream = await tenant.Client.GetAsync("/v1/tasks/events", HttpCompletionOption.ResponseHeadersRead);
            stream.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        // Another round trip gives the server time to see that those streams are gone; it is enough nearly always, and never too strict.
        await tenant.GetJsonAsync("/v1/credits");
        platform.Errors.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Events_OfAnotherTenant_AreNotTold()
    {
        var owner = await platform.NewTenantAsync(credits: 100);
        var other = await platform.NewTenantAsync(credits: 100);
        using var stream = await EventStream.OpenAsync(other);
        var foreign = await CreateAndCancelAsync(owner);

        var own = await CreateAndCancelAsync(other);

        // What came before the own task's end would have come before it in the stream as well.
        await stream.ReadStatusesAsync(own, until: "cancelled");
        stream.SeenTasks.Should().Equal(own).And.NotContain(foreign);
    }

    [Fact]
    public async Task Events_WithoutAKey_Are401()
    {
        using var response = await platform.Anonymous.GetAsync("/v1/tasks/events");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    private static async Task<string> CreateAndCancelAsync(TestTenant tenant)
    {
        var inputs = await tenant.UploadSamplesAsync();
        using var created = await tenant.PostAsync("/v1/videos/generations", Bodies.Hanging(inputs).ToJsonString());
        var id = (await created.JsonAsync()).GetProperty("id").GetString()!;
        using var cancelled = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");
        cancelled.StatusCode.Should().Be(HttpStatusCode.OK);
        return id;
    }

    /// <summary>An open stream, read line by line within a deadline.</summary>
    private sealed class EventStream(HttpResponseMessage response, StreamReader reader, CancellationTokenSource deadline) : IDisposable
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public IEnumerable<string> SeenTasks => _seen;

        public static async Task<EventStream> OpenAsync(TestTenant tenant)
        {
            var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var response = await tenant.Client.GetAsync("/v1/tasks/events", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            response.Content.Headers.ContentType?.MediaType.Should().Be("text/event-stream");
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync(deadline.Token));
            (await reader.ReadLineAsync(deadline.Token)).Should().Be("event: ready");
            return new(response, reader, deadline);
        }

        /// <summary>Statuses of one task, in the order in which they were told, up to and with the last.</summary>
        public async Task<List<string>> ReadStatusesAsync(string taskId, string until)
        {
            var statuses = new List<string>();
            while (await reader.ReadLineAsync(deadline.Token) is { } line)
            {
                if (!line.StartsWith("data: {\"created\"", StringComparison.Ordinal))
                {
                    continue;
                }

                using var task = JsonDocument.Parse(line["data: ".Length..]);
                var id = task.RootElement.GetProperty("id").GetString()!;
                _seen.Add(id);
                if (id == taskId)
                {
                    statuses.Add(task.RootElement.GetProperty("status").GetString()!);
                    if (statuses[^1] == until)
                    {
                        break;
                    }
                }
            }

            return statuses;
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
            deadline.Dispose();
        }
    }
}
