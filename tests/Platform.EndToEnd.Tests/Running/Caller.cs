using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>What a create asks for besides the inputs.</summary>
internal sealed record Wanted(string Quality = "720p", string? Prompt = null, bool KeepSound = true, string Orientation = "image")
{
    public static readonly Wanted Hang = new(Prompt: "[sandbox:hang]");
}

/// <summary>The links of uploaded inputs.</summary>
internal sealed record Inputs(string Image, string Video);

/// <summary>Somebody who calls the API with a key.</summary>
internal sealed class Caller(HttpClient http, string? key)
{
    private static readonly string[] Ends = ["completed", "failed", "cancelled"];

    /// <summary>The status alone, of an answer that may have no body.</summary>
    public async Task<System.Net.HttpStatusCode> GetStatusAsync(string path)
    {
        using var response = await http.GetAsync(path);
        return response.StatusCode;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null, idempotencyKey: null);

    public Task<Answer> PostAsync(string path, string? json = null, string? idempotencyKey = null) =>
        SendJsonAsync(HttpMethod.Post, path, json, idempotencyKey);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null, idempotencyKey: null);

    /// <summary>Uploads a file and returns its link.</summary>
    public async Task<string> UploadAsync(string path)
    {
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        form.Add(file, "file", Path.GetFileName(path));
        return (await SendAsync(HttpMethod.Post, "/v1/files", form, null)).Ok().Text("file_url");
    }

    /// <summary>Uploads both inputs.</summary>
    public async Task<Inputs> UploadAsync(string image, string video) => new(await UploadAsync(image), await UploadAsync(video));

    /// <summary>Asks for a task.</summary>
    public Task<Answer> CreateAsync(Inputs inputs, Wanted? wanted = null, string? idempotencyKey = null) =>
        PostAsync("/v1/videos/generations", Body(inputs, wanted ?? new()), idempotencyKey);

    /// <summary>Creates a task and returns its id.</summary>
    public async Task<string> CreatedAsync(Inputs inputs, Wanted? wanted = null) => (await CreateAsync(inputs, wanted)).Ok().Text("id");

    public async Task<JsonElement> TaskAsync(string id) => (await GetAsync($"/v1/tasks/{id}")).Ok();

    public Task<Answer> CancelAsync(string id) => PostAsync($"/v1/tasks/{id}/cancel");

    /// <summary>All tasks, newest first, page by page.</summary>
    public async Task<List<JsonElement>> TasksAsync() => await PagesAsync("/v1/tasks?limit=20");

    /// <summary>Waits until a task has ended.</summary>
    public async Task<JsonElement> EndedAsync(string id)
    {
        var ended = await Wait.ForAsync($"the end of {id}", async () =>
        {
            var task = await TaskAsync(id);
            return Ends.Contains(task.Text("status")) ? (object)task : null;
        });
        return (JsonElement)ended;
    }

    /// <summary>Waits until an upstream has a task.</summary>
    public Task ProcessingAsync(string id) => Wait.UntilAsync($"an upstream has {id}", async () =>
    {
        var status = (await TaskAsync(id)).Text("status");
        Ends.Should().NotContain(status);
        return status == "processing";
    });

    /// <summary>The statement, oldest first: <c>kind available held available_after held_after</c> of each entry.</summary>
    public async Task<List<JsonElement>> LedgerAsync()
    {
        var entries = await PagesAsync("/v1/ledger?limit=50");
        entries.Reverse();
        return entries;
    }

    /// <summary>What the statement says of a task, one line an entry: kind, available, held.</summary>
    public async Task<List<string>> EntriesAsync(string taskId) =>
    [
        .. (await LedgerAsync())
            .Where(e => e.TryGetProperty("task_id", out var id) && id.GetString() == taskId)
            .Select(e => $"{e.Text("kind")} {e.Raw("available")} {e.Raw("held")}"),
    ];

    private static string Body(Inputs inputs, Wanted wanted) => JsonSerializer.Serialize(new
    {
        model = "kling-v3-motion-control",
        prompt = wanted.Prompt ?? "A dancer",
        image_urls = new[] { inputs.Image },
        video_urls = new[] { inputs.Video },
        quality = wanted.Quality,
        model_params = new { character_orientation = wanted.Orientation, keep_sound = wanted.KeepSound },
    });

    private async Task<List<JsonElement>> PagesAsync(string path)
    {
        var all = new List<JsonElement>();
        var next = "";
        do
        {
            var page = (await GetAsync(path + next)).Ok();
            all.AddRange(page.GetProperty("data").EnumerateArray());
            next = page.GetProperty("has_more").GetBoolean() ? $"&after={page.Text("next")}" : null;
        }
        while (next is not null);
        return all;
    }

    private async Task<Answer> SendJsonAsync(HttpMethod method, string path, string? json, string? idempotencyKey)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(method, path, content, idempotencyKey);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await http.SendAsync(request);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var replayed = response.Headers.TryGetValues("idempotency-replayed", out var values) ? string.Join(',', values) : null;
        return new(response.StatusCode, document.RootElement.Clone(), replayed);
    }
}
