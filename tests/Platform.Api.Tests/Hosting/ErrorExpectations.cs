using System.Net;
using System.Text.Json;

namespace Platform.Api.Tests.Hosting;

/// <summary>What every refusal has to look like (product.md section 2, Errors).</summary>
internal static class ErrorExpectations
{
    private static readonly string[] Fields = ["code", "message", "type", "param", "fallback_suggestion", "request_id"];

    /// <summary>Checks the shape of a refusal, its status, code and parameter, and gives its message.</summary>
    public static async Task<string> ShouldBeErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string code, string? param = null)
    {
        var body = await response.JsonAsync();
        response.StatusCode.Should().Be(status, body.ToString());
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
        body.Names().Should().Equal("error");
        var error = body.GetProperty("error");
        error.Names().Should().BeSubsetOf(Fields);
        error.GetProperty("code").GetString().Should().Be(code, body.ToString());
        error.GetProperty("type").GetString().Should().Be(TypeOf(status));
        error.Param().Should().Be(param, body.ToString());
        error.GetProperty("request_id").GetString().Should().Be(response.Headers.GetValues("x-request-id").Single());
        var message = error.GetProperty("message").GetString()!;
        message.Should().EndWith(".");
        message.Length.Should().BeInRange(11, 2000);
        return message;
    }

    public static string? Param(this JsonElement error) => error.TryGetProperty("param", out var param) ? param.GetString() : null;

    private static string TypeOf(HttpStatusCode status) => (int)status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota_error",
        403 => "permission_error",
        404 or 410 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large_error",
        422 => "idempotency_error",
        429 => "rate_limit_error",
        500 => "internal_server_error",
        503 => "service_unavailable_error",
        _ => "invalid_request_error",
    };
}
