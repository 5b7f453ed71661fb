using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Domain;

namespace Platform.Api.Errors;

/// <summary>
/// The outermost layer: gives every request an id, turns what was not foreseen into an answer that tells nothing of the inside, and
/// gives bare statuses (unknown address, wrong method) their error object.
/// </summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, IIdSource ids, ILogger<ErrorBoundary> logger)
{
    private const int RequestIdLength = 20;

    public async Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = $"req_{ids.Next(RequestIdLength)}";
        context.Response.Headers["x-request-id"] = context.TraceIdentifier;
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentLength is null && Bare(context.Response.StatusCode) is { } error)
            {
                await ErrorResponse.WriteAsync(context, error);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer.
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ApiErrors.BodyTooLarge(RequestBody.MaxBytes)
                : ApiErrors.InvalidBody("The request could not be read."));
        }
        catch (GrainUnreachableException) when (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.NotInTime());
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogUnforeseen(logger, error, context.Request.Method, context.TraceIdentifier);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.Headers["x-request-id"] = context.TraceIdentifier;
            await ErrorResponse.WriteAsync(context, ApiErrors.InternalError());
        }
    }

    private static ApiError? Bare(int status) => status switch
    {
        StatusCodes.Status404NotFound => ApiErrors.RouteNotFound(),
        StatusCodes.Status405MethodNotAllowed => ApiErrors.MethodNotAllowed(),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} request {RequestId} failed")]
    private static partial void LogUnforeseen(ILogger logger, Exception error, string method, string requestId);
}

/// <summary>Adds the boundary.</summary>
internal static class ErrorBoundaryExtensions
{
    public static IApplicationBuilder UseErrorBoundary(this IApplicationBuilder app) => app.UseMiddleware<ErrorBoundary>();
}
