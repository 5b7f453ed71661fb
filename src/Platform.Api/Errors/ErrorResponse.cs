using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Platform.Api.Errors;

/// <summary>Writes an <see cref="ApiError"/>: the error object, or problem details where <c>Accept</c> asks for them.</summary>
internal static class ErrorResponse
{
    private const string ProblemJson = "application/problem+json";

    /// <param name="context">The request.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="items">With a batch: what is wrong with which item.</param>
    public static Task WriteAsync(HttpContext context, ApiError error, IReadOnlyList<ItemErrorObject>? items = null)
    {
        context.Response.StatusCode = error.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (!error.IsWorthResending)
        {
            // Clients of this kind of API resend a POST on 409 unless they are told.
            context.Response.Headers["x-should-retry"] = "false";
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return context.Request.Headers.Accept.Any(a => a is not null && a.Contains(ProblemJson, StringComparison.OrdinalIgnoreCase))
            ? context.Response.WriteAsJsonAsync(Problem(error, context.TraceIdentifier) with { Items = items }, ApiJson.Wire.ProblemDetails, ProblemJson, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(
                new(ApiErrorObject.Of(error, context.TraceIdentifier)) { Items = items }, ApiJson.Wire.ApiErrorEnvelope, contentType: null, context.RequestAborted);
    }

    private static ProblemDetails Problem(ApiError error, string requestId) => new()
    {
        Type = $"urn:platform:error:{error.Code}",
        Title = error.Type,
        Status = error.Status,
        Detail = error.Message,
        Code = error.Code,
        Param = error.Param,
        RequestId = requestId,
    };
}
