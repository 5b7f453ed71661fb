using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Platform.Api.Tests.Hosting;

/// <summary>A tenant with a key and a client that uses it.</summary>
public sealed class TestTenant(TestPlatform platform, string id, string keyId, string secret)
{
    public string Id => id;

    public string KeyId => keyId;

    public string Secret => secret;

    public HttpClient Client { get; } = platform.NewClient(secret);

    public async Task<HttpResponseMessage> PostAsync(string path, string json) => await Client.PostAsync(path, Json.Content(json));

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        response.StatusCode.Should().Be(HttpStatusCode.OK, "{0} should answer", path);
        return await response.JsonAsync();
    }

    public async Task<HttpResponseMessage> TryUploadAsync(byte[] bytes, string fileName, string contentType = "application/octet-stream")
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        form.Add(part, "file", fileName);
        return await Client.PostAsync("/v1/files", form);
    }

    public async Task<JsonElement> UploadAsync(byte[] bytes, string fileName)
    {
        using var response = await TryUploadAsync(bytes, fileName);
        var answer = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    /// <summary>Uploads the sample image and the sample clip, and gives their links.</summary>
    public async Task<Inputs> UploadSamplesAsync()
    {
        var image = await UploadAsync(platform.Media.Image, "character.png");
        var video = await UploadAsync(platform.Media.Clip, "motion.mp4");
        return new(image.GetProperty("file_url").GetString()!, video.GetProperty("file_url").GetString()!);
    }

    /// <summary>Available and held credits, as text.</summary>
    public async Task<string> CreditsAsync() => (await GetJsonAsync("/v1/credits")).GetProperty("data").GetProperty("user").ToString();

    /// <summary>Reads a task until it has ended; the deadline is generous, for the machine is shared.</summary>
    public async Task<JsonElement> WaitForEndAsync(string taskId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var task = await GetJsonAsync($"/v1/tasks/{taskId}");
            if (task.GetProperty("status").GetString() is "completed" or "failed" or "cancelled")
            {
                return task;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}

/// <summary>Links of uploaded inputs.</summary>
public sealed record Inputs(string ImageUrl, string VideoUrl);
