using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Credits;

namespace Platform.Api.Credits;

/// <summary>What the balance's endpoint promises.</summary>
internal static class CreditOperations
{
    public static readonly Operation Get = new("getCredits", Topic.Credits, "Get the balance")
    {
        Description = "What can be spent, what was spent, and what open tasks have reserved.",
        Answers = [Answer.Json("The balance.", ApiJson.Wire.CreditsObject, ("one_task_running", Example))],
        Refusals = [ApiErrors.NotInTime()],
    };

    private static CreditsObject Example => new(
        Success: true,
        Message: "",
        new(
            new(CreditAmount.From(959.176m), CreditAmount.Zero, UnlimitedCredits: false),
            new(CreditAmount.From(959.176m), CreditAmount.Zero, CreditAmount.From(40.824m))));
}
