using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Domain.Catalog;
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
        upstreams.MapGet("", ListAccountsAsync);
        upstreams.MapGet("/{kind}/{account}", ShowAccountAsync);
        upstreams.MapPost("/{kind}/{account}/{action:regex(^(enable|drain|disable)$)}", SwitchAccountAsync);
        var table = routes.MapGroup("/admin/v1/routes").RequireOperator();
        table.MapGet("", ListRoutesAsync);
        table.MapPost("/{route}/{action:regex(^(enable|drain|disable)$)}", SwitchRouteAsync);
        routes.MapGet("/admin/v1/tenants/{tenant}/tasks/{task}/margin", ShowMarginAsync).RequireOperator();
    }

    private static async Task ListAccountsAsync(HttpContext context, UpstreamOverview overview)
    {
        if (await ReadTimeAsync(context, overview) is { } time)
        {
            await context.Response.WriteAsJsonAsync(
                await overview.AccountsAsync(time.From, time.To, context.RequestAborted),
                ApiJson.Wire.UpstreamListObject,
                contentType: null,
                context.RequestAborted);
        }
    }

    private static async Task ShowAccountAsync(HttpContext context, string kind, string account, UpstreamOverview overview)
    {
        if (await ReadTimeAsync(context, overview) is { } time)
        {
            await WriteAccountAsync(context, await overview.AccountAsync(ProviderAccount.Key(kind, account), time.From, time.To, context.RequestAborted));
        }
    }

    private static async Task SwitchAccountAsync(
        HttpContext context, string kind, string account, string action, UpstreamOverview overview, GrainCalls grains)
    {
        var key = ProviderAccount.Key(kind, account);
        if (!overview.Knows(key))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound());
            return;
        }

        await grains.CallAsync<IUpstreamAccountGrain, UpstreamAccountView?>(key, g => g.Switch(new() { State = StateOf(action) }));
        await ShowAccountAsync(context, kind, account, overview);
    }

    private static async Task ListRoutesAsync(HttpContext context, UpstreamOverview overview)
    {
        if (await ReadTimeAsync(context, overview) is { } time)
        {
            await context.Response.WriteAsJsonAsync(
                await overview.RoutesAsync(time.From, time.To, context.RequestAborted),
                ApiJson.Wire.RouteListObject,
                contentType: null,
                context.RequestAborted);
        }
    }

    private static async Task SwitchRouteAsync(
        HttpContext context, string route, string action, IRouteTable table, UpstreamOverview overview, GrainCalls grains)
    {
        if (table.Routes.FirstOrDefault(r => string.Equals(r.Id, route, StringComparison.Ordinal)) is not { } found)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound());
            return;
        }

        await grains.CallAsync<IUpstreamAccountGrain, UpstreamAccountView?>(
            found.AccountKey, g => g.Switch(new() { RouteId = route, State = StateOf(action) }));
        await ShowAccountAsync(context, found.Upstream, found.Account, overview);
    }

    private static async Task ShowMarginAsync(HttpContext context, string tenant, string task, ITaskStore tasks, IUpstreamBooks books)
    {
        if (!TenantId.IsValid(tenant)
            || !TaskId.IsValid(task)
            || await tasks.FindAsync(new(tenant), new(task), context.RequestAborted) is not { } found)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound());
            return;
        }

        var charges = await books.ListChargesAsync(new(found.Tenant, found.Id), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            UpstreamOverview.Margin(found, charges), ApiJson.Wire.TaskMarginObject, contentType: null, context.RequestAborted);
    }

    private static Task WriteAccountAsync(HttpContext context, UpstreamObject? account) => account is null
        ? ErrorResponse.WriteAsync(context, ApiErrors.UpstreamNotFound())
        : context.Response.WriteAsJsonAsync(account, ApiJson.Wire.UpstreamObject, contentType: null, context.RequestAborted);

    /// <summary>The time that spend is summed over: <c>from</c> and <c>to</c> in unix seconds, by default the last day.</summary>
    private static async Task<(DateTimeOffset From, DateTimeOffset To)?> ReadTimeAsync(HttpContext context, UpstreamOverview overview)
    {
        var to = Read("to", overview.Now);
        var from = Read("from", to - TimeSpan.FromDays(1));
        if (to is { } end && from is { } start && start < end)
        {
            return (start, end);
        }

        await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(
            to is null ? "to" : "from", "'from' and 'to' are times in unix seconds, the one before the other."));
        return null;

        DateTimeOffset? Read(string name, DateTimeOffset? otherwise)
        {
            var text = context.Request.Query[name].ToString();
            return text.Length == 0 ? otherwise
                : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
                    && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null;
        }
    }

    private static RouteState StateOf(string action) => action switch
    {
        "enable" => RouteState.Enabled,
        "drain" => RouteState.Draining,
        _ => RouteState.Disabled,
    };
}
