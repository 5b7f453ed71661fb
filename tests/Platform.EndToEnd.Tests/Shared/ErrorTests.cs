using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>Every refusal is the error object, down to those that come before any handler.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class ErrorTests(SharedPlatform shared)
{
    [Theory]
    [InlineData("/v1/tasks", null, HttpStatusCode.Unauthorized, "authentication_error")]
    [InlineData("/v1/credits", "sk-nobody", HttpStatusCode.Unauthorized, "authentication_error")]
    [InlineData("/v1/nowhere", PlatformProcess.DemoKey, HttpStatusCode.NotFound, "not_found_error")]
    [InlineData("/v1/tasks/nonsense", PlatformProcess.DemoKey, HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData("/v1/tasks?limit=0", PlatformProcess.DemoKey, HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData("/v1/tasks/task-unified-1757169743-v3mc", PlatformProcess.DemoKey, HttpStatusCode.NotFound, "not_found_error")]
    public async Task Get_Refused_AnswersWithTheErrorObject(string path, string? key, HttpStatusCode status, string type)
    {
        var error = (await shared.Platform.Caller(key).GetAsync(path)).Error(status);
        error.Text("type").Should().Be(type);
        error.Text("code").Should().NotBeEmpty();
        error.Text("message").Should().NotBeEmpty();
        error.Text("request_id").Should().StartWith("req_");
    }

    [Fact]
    public async Task Create_WithoutAKey_IsUnauthorized()
    {
        var nobody = shared.Platform.Caller(key: null);
        var refused = await nobody.CreateAsync(new("https://example.com/character.png", "https://example.com/dance.mp4"));
        refused.Error(HttpStatusCode.Unauthorized).Text("type").Should().Be("authentication_error");
    }
}
