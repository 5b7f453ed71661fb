using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Reads;

/// <summary>Makes tasks through the API.</summary>
internal static class FinishedTasks
{
    public static async Task<string> CreateAsync(this TestTenant tenant, Inputs inputs, string? prompt = null, Action<JsonObject>? change = null)
    {
        var body = Bodies.Hanging(inputs);
        body["prompt"] = prompt ?? "a dance";
        change?.Invoke(body);
        using var response = await tenant.PostAsync("/v1/videos/generations", body.ToJsonString());
        var task = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, task.ToString());
        return task.GetProperty("id").GetString()!;
    }

    /// <summary>A task that has completed, as it is read.</summary>
    public static async Task<JsonElement> CompleteAsync(this TestTenant tenant)
    {
        var id = await tenant.CreateAsync(await tenant.UploadSamplesAsync());
        var task = await tenant.WaitForEndAsync(id);
        task.GetProperty("status").GetString().Should().Be("completed", task.ToString());
        return task;
    }

    public static IEnumerable<string> Ids(this JsonElement list) =>
        list.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("id").GetString()!);

    public static string Id(this JsonElement task) => task.GetProperty("id").GetString()!;
}
