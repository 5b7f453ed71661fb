using Platform.Api.OpenApi;
using Platform.Domain.Catalog;

namespace Platform.Api.Videos.Estimates;

/// <summary>What the estimate promises.</summary>
internal static class EstimateOperations
{
    public static Operation Estimate(ICatalog catalog) => new("estimateVideo", Topic.Videos, "Estimate a task")
    {
        Description = """
            Takes the body of a create, checks it as a create does, and answers what that would reserve and what the number is made of. It creates
            nothing.

            The `quote_id` holds for 10 minutes: a create that sends it for the same model, quality, orientation and clip costs what was quoted,
            even where the price has changed. `warnings` tell what may spoil the result, such as cuts in an uploaded clip; they refuse nothing.
            """,
        Body = Content.Models(catalog.Models, ("page", GenerationExamples.Page)),
        Answers = [Answer.Json("What a create would reserve.", ApiJson.Wire.EstimateObject, ("page", EstimateExamples.Page))],
    };
}
