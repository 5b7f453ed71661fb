using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.ServiceLevels;

/// <summary>What the status endpoint promises.</summary>
internal static class ServiceStatusOperations
{
    public static readonly Operation Get = new("getStatus", Topic.Service, "See how the service does")
    {
        Description = """
            For each model the measured success rate (completed ÷ (completed + failed)) and the time from creation to completion, over the last
            24 hours and by the hour. Measured on all tasks but cancelled ones and those of test keys; at most 30 seconds old.
            """,
        Answers =
        [
            new(StatusCodes.Status200OK, "The status.", Content.Json(ApiJson.Wire.ServiceStatusObject, ("measured", Example)))
            {
                Headers = [AnswerHeader.CacheControl],
            },
        ],
        Refusals = [Errors.ApiErrors.InvalidParameter("day", "'day' is not a parameter; allowed are .")],
    };

    private static ServiceStatusObject Example => new(
        1795338000,
        1795424400,
        1795421000,
        [new("kling-v3-motion-control", 0.998m, 92.4m, 141m, [new(1795420800, 1m, 88m, 120.5m)])]);
}
