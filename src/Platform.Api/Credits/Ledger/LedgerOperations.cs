using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;
using Platform.Domain.Credits;

namespace Platform.Api.Credits.Ledger;

/// <summary>What the statement's endpoint promises.</summary>
internal static class LedgerOperations
{
    public static readonly Operation Get = new("getLedger", Topic.Credits, "Get the statement")
    {
        Description = """
            Every movement of your credits, newest first, each with the balance after it: grants, holds, settlements, releases, adjustments, expiries.
            Nothing is ever changed or removed. JSON comes by the page; where `Accept` prefers `text/csv`, everything that matches comes in one answer.
            """,
        Inputs =
        [
            Input.Query("limit", Schema.Integer(1, 500, 50), "Lines of a page. JSON only."),
            Input.Query("after", Schema.Text(), "The `next` of the page before. JSON only."),
            Input.Query("from", Schema.Time(), "Only lines of this time or later."),
            Input.Query("to", Schema.Time(), "Only lines before this time."),
            Input.Query("kind", Schema.OneOf(LedgerKindName.All), "Only lines of this kind."),
            Input.Query("task_id", Schema.Pattern("^task-unified-"), "Only lines of this task."),
        ],
        Answers =
        [
            new(
                StatusCodes.Status200OK,
                "A page of the statement, or all of it as CSV.",
                Content.Json(ApiJson.Wire.LedgerListObject, ("hold_and_grant", Example)),
                Content.Other("text/csv", Schema.Text(), ("hold_and_grant", LedgerCsv.Header
                    + "2,2026-11-23T08:00:00.000Z,hold,task-unified-1757169743-v3mc,-40.824,40.824,959.176,40.824,,\r\n"
                    + "1,2026-11-23T07:59:00.000Z,grant,,1000,0,1000,0,First credits,\r\n")))
            {
                Headers = [AnswerHeader.Vary, AnswerHeader.CacheControl, AnswerHeader.ContentDisposition],
            },
        ],
    };

    private static LedgerListObject Example => new(
        [
            new()
            {
                Sequence = 2,
                Kind = "hold",
                Available = CreditAmount.From(-40.824m),
                Held = CreditAmount.From(40.824m),
                AvailableAfter = CreditAmount.From(959.176m),
                HeldAfter = CreditAmount.From(40.824m),
                Created = 1795420800,
                TaskId = "task-unified-1757169743-v3mc",
            },
            new()
            {
                Sequence = 1,
                Kind = "grant",
                Available = CreditAmount.From(1000m),
                Held = CreditAmount.Zero,
                AvailableAfter = CreditAmount.From(1000m),
                HeldAfter = CreditAmount.Zero,
                Created = 1795420740,
                Note = "First credits",
            },
        ],
        HasMore: false,
        Next: null);
}
