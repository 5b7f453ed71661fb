using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Credits;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;

namespace Platform.Api.Credits.Ledger;

/// <summary>
/// <c>GET /v1/ledger</c>: the caller's statement, newest first, filtered by <c>from</c> and <c>to</c> (the end excluded), <c>kind</c> and
/// <c>task_id</c>. As JSON by the page (<c>limit</c>, <c>after</c>); where <c>Accept</c> prefers <c>text/csv</c>, all that matches in one
/// answer, as of its first line.
/// </summary>
internal static class LedgerEndpoint
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;
    private const int CsvChunk = 1000;
    private const string Csv = "text/csv";

    public static void MapLedgerEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/ledger", GetAsync).RequireTenant().Promises(LedgerOperations.Get);

    private static async Task GetAsync(HttpContext context, ILedgerReader ledger)
    {
        var asCsv = PrefersCsv(context.Request);
        var reader = new QueryReader(context.Request.Query);
        var query = new LedgerQuery
        {
            Tenant = Caller.Of(context).Tenant.Id,
            Limit = asCsv ? CsvChunk : reader.Number("limit", DefaultLimit, 1, MaxLimit),
            Before = asCsv ? null : reader.Parsed("after", Sequence, "the 'next' of a page before"),
            From = reader.Time("from"),
            To = reader.Time("to"),
            Kind = reader.Parsed("kind", LedgerKindName.Parse, "grant, hold, settlement, release, adjustment or expiry"),
            TaskId = reader.Parsed<TaskId>("task_id", text => TaskId.IsValid(text) ? new TaskId(text) : null, "a task id, which starts with 'task-unified-'"),
        };
        reader.Finish();
        if (reader.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        await (asCsv ? WriteCsvAsync(context, query, ledger) : WriteJsonAsync(context, query, ledger));
    }

    /// <summary>Whether <c>Accept</c> names <c>text/csv</c>, and nothing that JSON would satisfy as well or better.</summary>
    internal static bool PrefersCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return false;
        }

        return Quality(accepted, Csv) is > 0 and var csv && csv > Quality(accepted, "application/json");
    }

    private static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type) => accepted
        .Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .Select(a => a.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();

    private static long? Sequence(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    private static async Task WriteJsonAsync(HttpContext context, LedgerQuery query, ILedgerReader ledger)
    {
        // One more than asked for tells whether there are more.
        var entries = await ledger.ListAsync(query with { Limit = query.Limit + 1 }, context.RequestAborted);
        var page = entries.Take(query.Limit).Select(LedgerEntryObject.Of).ToList();
        var hasMore = entries.Count > query.Limit;
        await context.Response.WriteAsJsonAsync(
            new(page, hasMore, hasMore ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null),
            ApiJson.Wire.LedgerListObject,
            contentType: null,
            context.RequestAborted);
    }

    // By the chunk, so that a history of any length takes little memory; the ledger is only added to, above the first line.
    private static async Task WriteCsvAsync(HttpContext context, LedgerQuery query, ILedgerReader ledger)
    {
        var entries = await ledger.ListAsync(query, context.RequestAborted);
        context.Response.ContentType = "text/csv; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"ledger.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        var csv = new StringBuilder(LedgerCsv.Header);
        while (true)
        {
            foreach (var entry in entries)
            {
                LedgerCsv.Append(csv, entry);
            }

            await context.Response.WriteAsync(csv.ToString(), Encoding.UTF8, context.RequestAborted);
            if (entries.Count < query.Limit)
            {
                return;
            }

            csv.Clear();
            entries = await ledger.ListAsync(query with { Before = entries[^1].Sequence }, context.RequestAborted);
        }
    }
}
