using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Api.Operator.Upstreams;

/// <summary>The operator's view of provider accounts and routes, and their switches.</summary>
internal static class UpstreamEndpoints
{
    public static void MapUpstreamEndpoints(this IEndpointRouteBuilder routes)
    {
        var upstreams = routes.MapGroup("/admin/v1/upstreams").RequireOperator();
        upstreams.MapGet("", ListAccountsAsync).Promises(UpstreamOperations.ListAccounts);
        upstreams.MapGet("/{kind}/{account}", ShowAccountAsync).Promises(UpstreamOperations.GetAccount);
        upstreams.MapPost("/{kind}/{account}/{action}", SwitchAccountAsync).Promises(UpstreamOperations.SwitchAccount);
        var table = routes.MapGroup("/admin/v1/routes").RequireOperator();
        table.MapGet("", ListRoutesAsync).Promises(UpstreamOperations.ListRoutes);
        table.MapPost("/{route}/{action}", SwitchRouteAsync).Promises(UpstreamOperations.SwitchRoute);
        routes.MapGet("/admin/v1/tenants/{id}/tasks/{task}/margin", ShowMarginAsync).RequireOperator().Promises(UpstreamOperations.GetMargin);
    }

    private static async Task ListAccountsAsync(HttpContext context, UpstreamOverview overview) => await context.Response.WriteAsJsonAsync(
        await overview.AccountsAsync(context.RequestAborted), ApiJson.Wire.UpstreamListObject, contentType: null, context.RequestAborted);

    private static async Task ShowAccountAsync(HttpContext context, string kind, string account, UpstreamOverview overview) =>
        await (await overview.AccountAsync(ProviderAccount.Key(kind, account), context.RequestAborted) is { } found
            ? context.Response.WriteAsJsonAsync(found, ApiJson.Wire.UpstreamObject, contentType: null, context.RequestAborted)
            : ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound()));

    private static async Task SwitchAccountAsync(
        HttpContext context, string kind, string account, string action, UpstreamOverview overview, GrainCalls grains)
    {
        var key = ProviderAccount.Key(kind, account);
        if (StateOf(action) is not { } state || !overview.Knows(key))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound());
            return;
        }

        await grains.CallAsync<IUpstreamAccountGrain, UpstreamAccountView?>(key, g => g.Switch(new() { State = state }));
        await ShowAccountAsync(context, kind, account, overview);
    }

    private static async Task ListRoutesAsync(HttpContext context, UpstreamOverview overview) => await context.Response.WriteAsJsonAsync(
        await overview.RoutesAsync(context.RequestAborted), ApiJson.Wire.RouteListObject, contentType: null, context.RequestAborted);

    private static async Task SwitchRouteAsync(
        HttpContext context, string route, string action, IRouteTable table, UpstreamOverview overview, GrainCalls grains)
    {
        if (StateOf(action) is not { } state
            || table.Routes.FirstOrDefault(r => string.Equals(r.Id, route, StringComparison.Ordinal)) is not { } found)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound());
            return;
        }

        await grains.CallAsync<IUpstreamAccountGrain, UpstreamAccountView?>(found.AccountKey, g => g.Switch(new() { RouteId = route, State = state }));
        await ShowAccountAsync(context, found.Upstream, found.Account, overview);
    }

    private static async Task ShowMarginAsync(HttpContext context, string id, string task, ITaskStore tasks, IUpstreamBooks books)
    {
        if (!TenantId.IsValid(id)
            || !TaskId.IsValid(task)
            || await tasks.FindAsync(new(id), new(task), context.RequestAborted) is not { } found)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound());
            return;
        }

        var charges = await books.ListChargesAsync(new(found.Tenant, found.Id), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            UpstreamOverview.Margin(found, charges), ApiJson.Wire.TaskMarginObject, contentType: null, context.RequestAborted);
    }

    private static RouteState? StateOf(string action) => action switch
    {
        "enable" => RouteState.Enabled,
        "drain" => RouteState.Draining,
        "disable" => RouteState.Disabled,
        _ => null,
    };
}
