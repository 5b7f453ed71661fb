using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.OpenApi;
using Platform.Grains.Contracts;

namespace Platform.Api.Credits;

/// <summary>A tenant's balance.</summary>
internal static class CreditEndpoints
{
    public static void MapCreditEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/credits", GetCreditsAsync).RequireTenant().Promises(CreditOperations.Get);

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
}
