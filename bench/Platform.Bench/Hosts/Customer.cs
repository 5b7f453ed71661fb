using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Bench.Hosts;

/// <summary>A tenant with a key, credits and both samples uploaded.</summary>
internal sealed class Customer
{
    // Enough for millions of tasks.
    private const decimal Credits = 1_000_000_000m;

    private readonly HttpClient _client;

    private Customer(HttpClient client, string key, string image, string video)
    {
        _client = client;
        Key = key;
        Body = JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["model"] = "kling-v3-motion-control",
            ["prompt"] = "A girl wearing a gray loose T-shirt and denim shorts",
            ["image_urls"] = new[] { image },
            ["video_urls"] = new[] { video },
            ["quality"] = "720p",
            ["model_params"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["character_orientation"] = "image",
                ["keep_sound"] = true,
            },
        });
    }

    public string Key { get; }

    /// <summary>The body of its creates.</summary>
    public string Body { get; }

    /// <summary>Makes tenants over the operator's API.</summary>
    public static async Task<Customer[]> CreateAsync(PlatformProcess host, int count)
    {
        var made = new Customer[count];
        for (var i = 0; i < count; i++)
        {
            var tenant = await SendAsync(host.Client, PlatformProcess.AdminKey, "/admin/v1/tenants", Json($$"""{"name":"bench {{i}}"}"""));
            var id = tenant.GetProperty("id").GetString();
            var key = await SendAsync(host.Client, PlatformProcess.AdminKey, $"/admin/v1/tenants/{id}/api-keys", Json("""{"name":"bench"}"""));
            await SendAsync(host.Client, PlatformProcess.AdminKey, $"/admin/v1/tenants/{id}/grants", Json($$"""{"credits":{{Credits}}}"""));
            made[i] = await UploadAsync(host, key.GetProperty("secret").GetString()!);
        }

        return made;
    }

    /// <summary>Uploads both samples with a key that exists.</summary>
    public static async Task<Customer> UploadAsync(PlatformProcess host, string key) => new(
        host.Client,
        key,
        await UploadAsync(host.Client, key, Repository.Image),
        await UploadAsync(host.Client, key, Repository.Video));

    /// <summary>Creates a task; gives its id.</summary>
    public async Task<string> CreateTaskAsync() =>
        (await SendAsync(_client, Key, "/v1/videos/generations", Json(Body))).GetProperty("id").GetString()!;

    /// <summary>The bytes of a create.</summary>
    public byte[] CreateRequest() => Encoding.UTF8.GetBytes(
        $"POST /v1/videos/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Key}\r\n"
        + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n{Body}");

    /// <summary>The bytes of a get.</summary>
    public byte[] GetRequest(string task) => Encoding.UTF8.GetBytes(
        $"GET /v1/tasks/{task} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Key}\r\n\r\n");

    /// <summary>Asks for a task until it has ended.</summary>
    public async Task<string> WaitUntilEndedAsync(string task)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{task}");
            request.Headers.Authorization = new("Bearer", Key);
            using var response = await _client.SendAsync(request);
            var body = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            var status = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("status").GetString();
            if (status is not ("pending" or "processing"))
            {
                return status!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private static async Task<string> UploadAsync(HttpClient client, string key, string path)
    {
        using var file = new StreamContent(File.OpenRead(path));
        using var form = new MultipartFormDataContent { { file, "file", Path.GetFileName(path) } };
        return (await SendAsync(client, key, "/v1/files", form)).GetProperty("file_url").GetString()!;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static async Task<JsonElement> SendAsync(HttpClient client, string key, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = new("Bearer", key);
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(body)
            : throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {body}");
    }
}
