using Platform.Api.Tasks.Receipts;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Api.Videos.Estimates;

/// <summary>Examples of estimates.</summary>
internal static class EstimateExamples
{
    private static readonly PriceSnapshot Price = PriceSnapshot.Of(
        MotionControlModel.Definition.Prices[0], MotionControlModel.Quality720, Tenant.DefaultGroup, 1m);

    /// <summary>Of the page's request, for a clip of 5.005 s with a cut.</summary>
    public static readonly EstimateObject Page = new()
    {
        Model = MotionControlModel.Id,
        BillingRule = MotionControlModel.Definition.BillingRule,
        CreditsReserved = CreditAmount.From(40.824m),
        UsdReserved = 0.567m,
        Price = ReceiptView.PriceOf(Price, MotionControlModel.Quality720),
        Seconds = new(5.005m, 5, MotionControlModel.MinSeconds, 10, ReceiptView.RoundingOf(Price.Rounding)),
        QuoteId = "quote_AQAB",
        QuoteExpiresAt = 1_757_170_343,
        Warnings = [new(InputWarnings.SceneCuts, "video_urls", "The video has 1 cut, the first at 2.5 s; motion is followed best in one steady take.")],
    };
}
