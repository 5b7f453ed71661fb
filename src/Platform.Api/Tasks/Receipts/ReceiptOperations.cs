using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Tasks.Receipts;

/// <summary>What the receipt promises.</summary>
internal static class ReceiptOperations
{
    public static readonly Operation Get = new("getTaskReceipt", Topic.Tasks, "Get a task's receipt")
    {
        Description = """
            Everything behind the number: the price with each factor as it was when the task was made, what was reserved, measured and billed,
            the credits and their worth in dollars, the lines of the statement, the attempts, and the digests of inputs and result.
            """,
        Inputs = [TaskOperations.Id],
        Answers = [Answer.Json("The receipt.", ApiJson.Wire.ReceiptObject)],
        Refusals = [ApiErrors.InvalidTaskId(), ApiErrors.TaskNotFound()],
    };
}
