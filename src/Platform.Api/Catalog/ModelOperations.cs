using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Catalog;

/// <summary>What the models' endpoints promise.</summary>
internal static class ModelOperations
{
    public static readonly Operation List = new("listModels", Topic.Catalog, "List the models")
    {
        Description = "Every model with what a create takes (JSON Schema), what its inputs must be, and its price for your user group.",
        Answers = [Answer.Json("The models.", ApiJson.Wire.ModelListObject)],
    };

    public static readonly Operation Get = new("getModel", Topic.Catalog, "Get a model")
    {
        Inputs = [Input.Path("id", Schema.Text(), "Name of the model.") with { Example = "kling-v3-motion-control" }],
        Answers = [Answer.Json("The model.", ApiJson.Wire.ModelObject)],
        Refusals = [ApiErrors.ModelNotFound()],
    };
}
