using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Domain.Credits;
using Platform.Grains.Contracts;

namespace Platform.Api.Credits;

/// <summary>A tenant's balance and statement.</summary>
internal static class CreditEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    public static void MapCreditEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/credits", GetCreditsAsync).RequireTenant();
        routes.MapGet("/v1/ledger", GetLedgerAsync).RequireTenant();
    }

    private static async Task GetCreditsAsync(HttpContext context, GrainCalls grains)
    {
        var balance = await grains.CallAsync<ITenantGrain, Balance>(Caller.Of(context).Tenant.Id.Value, g => g.GetBalance());
        await context.Response.WriteAsJsonAsync(
            new(
                Success: true,
                Message: "",
                new(
                    new(balance.Available, balance.Settled, UnlimitedCredits: false),
                    new(balance.Available, balance.Settled, balance.Held))),
            ApiJson.Wire.CreditsObject,
            contentType: null,
            context.RequestAborted);
    }

    private static async Task GetLedgerAsync(HttpContext context, IAccountStore accounts)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Number("limit", DefaultLimit, 1, MaxLimit);
        var after = query.Parsed<long>(
            "after",
            text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null,
            "the 'next' of a page before");
        query.Finish();
        if (query.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        var entries = await accounts.ListEntriesAsync(Caller.Of(context).Tenant.Id, after, limit + 1, context.RequestAborted);
        var page = entries.Take(limit).Select(LedgerEntryObject.Of).ToList();
        var hasMore = entries.Count > limit;
        await context.Response.WriteAsJsonAsync(
            new(page, hasMore, hasMore ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null),
            ApiJson.Wire.LedgerListObject,
            contentType: null,
            context.RequestAborted);
    }
}
