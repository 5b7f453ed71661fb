using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.Catalog;

/// <summary>What the price list's endpoint promises.</summary>
internal static class PricingOperations
{
    public static readonly Operation Get = new("getPricing", Topic.Catalog, "Get the price list")
    {
        Description = "Without a key the list of the default user group, with a key that of your own. Amounts are exact decimals, as strings.",
        Inputs = [ConditionalInputs.IfNoneMatch],
        Answers =
        [
            new(StatusCodes.Status200OK, "The price list.", Content.Json(ApiJson.Wire.PriceListObject, ("default", Example)))
            {
                Headers = [AnswerHeader.ETag, AnswerHeader.CacheControl, AnswerHeader.Vary],
            },
            ConditionalInputs.NotModified with { Headers = [.. ConditionalInputs.NotModified.Headers, AnswerHeader.Vary] },
        ],
    };

    private static PriceListObject Example => new("default", 1, 1795392000,
    [
        new()
        {
            Model = "kling-v3-motion-control",
            UserGroup = "default",
            BillingRule = "per_second",
            Unit = "second",
            Rounding = "nearest",
            Version = 1,
            CreditsPerUsd = "72",
            Prices = [new("720p", "8.1648", "0.1134"), new("1080p", "10.88368", "0.1512")],
        },
    ]);
}
