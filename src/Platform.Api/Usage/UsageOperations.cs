using Platform.Api.OpenApi;
using Platform.Api.Tasks;
using Platform.Domain.Credits;

namespace Platform.Api.Usage;

/// <summary>What the usage endpoint promises.</summary>
internal static class UsageOperations
{
    public static readonly Operation Get = new("getUsage", Topic.Credits, "Get what was used")
    {
        Description = """
            Tasks, billed seconds and credits, grouped as you ask. A task counts in the UTC day in which it **ended**, because that is when it was
            billed: the credits of any period are exactly those of its settlements in the statement, and figures of a period that is over never
            change. Tasks that have not ended are shown only where the status is grouped or filtered by, by the day of their creation.
            """,
        Inputs =
        [
            Input.Query("from", Schema.Time(), "Begin; by default 30 days before `to`."),
            Input.Query("to", Schema.Time(), "End, itself excluded; by default the end of today (UTC). At most 366 days after `from`."),
            Input.Query("group_by", Schema.Text(), "Any of `day`, `model`, `quality`, `key`, `status`, `end_user`, separated by commas; empty for one row. By default `day`.") with
            {
                Example = "day,quality",
            },
            Input.Query("status", Schema.OneOf(StatusName.All), "Only tasks of this status."),
        ],
        Answers = [Answer.Json("What was used: a row for each group, and the sum.", ApiJson.Wire.UsageObject, ("one_day", Example))],
    };

    private static UsageObject Example => new(
        1795392000,
        1795478400,
        ["day"],
        [Row with { Day = "2026-11-23" }],
        Row);

    private static UsageRowObject Row => new()
    {
        Tasks = 3,
        Completed = 2,
        Failed = 1,
        Cancelled = 0,
        SecondsBilled = 10,
        CreditsUsed = CreditAmount.From(81.648m),
    };
}
