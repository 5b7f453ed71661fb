using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.Health;

/// <summary>What the probes promise.</summary>
internal static class HealthOperations
{
    public static readonly Operation Live = new("getLiveness", Topic.Service, "Ask whether the process runs")
    {
        Description = "For an orchestrator: a process that does not answer is to be restarted. Tells nothing of the store.",
        Answers = [Answer.Json("It runs.", ApiJson.Wire.HealthObject, ("ok", new("ok")))],
    };

    public static readonly Operation Ready = new("getReadiness", Topic.Service, "Ask whether requests can be served")
    {
        Description = "For a load balancer: a process that is not ready is to be left out.",
        Answers =
        [
            Answer.Json("Requests can be served.", ApiJson.Wire.HealthObject, ("ok", new("ok"))),
            new(StatusCodes.Status503ServiceUnavailable, "Not now.", Content.Json(ApiJson.Wire.HealthObject, ("unavailable", new("unavailable")))),
        ],
    };
}
