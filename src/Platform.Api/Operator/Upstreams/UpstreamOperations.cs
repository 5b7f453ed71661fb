using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Operator.Upstreams;

/// <summary>What the operator's endpoints of accounts and routes promise.</summary>
internal static class UpstreamOperations
{
    private static readonly Input Kind = Input.Path("kind", Schema.Text(), "Kind of the provider.") with { Example = "kling" };
    private static readonly Input Account = Input.Path("account", Schema.Text(), "Name of the account.") with { Example = "main" };
    private static readonly Input Route = Input.Path("route", Schema.Text(), "Name of the route.") with { Example = "kling-main" };
    private static readonly Input Tenant = Input.Path("id", Schema.Text(), "Id of the tenant.") with { Example = "ten_4m8xq2wnk7cpd9rt" };

    private static readonly Input Task = Input.Path("task", Schema.Text(), "Id of the task.") with
    {
        Example = "task-unified-1795420800-4m8xq2wnk7cpd9rt",
    };

    private static readonly Input Action = Input.Path(
        "action",
        Schema.OneOf("enable", "drain", "disable"),
        "`enable` takes tasks, ends an outage and closes breakers; `drain` and `disable` take no new ones, and what runs is finished.")
        with
    { Example = "drain" };

    private static readonly SpendObject Spend = new(1.4m, 0.07m, 0.35m, 21);

    private static readonly UpstreamObject Example = new(
        "kling/main",
        "enabled",
        "failing",
        OutSince: null,
        NextProbeAt: null,
        new(5, 5, 12),
        Spend,
        [new("kling-main", "enabled", "open", 1795420860)],
        [new(1795420800, "kling-main", "503", "Service unavailable")]);

    private static readonly RouteObject ExampleRoute = new(
        "kling-main",
        "kling-v3-motion-control",
        "kling/main",
        "eu",
        Priority: 0,
        AllowLoss: false,
        Sandbox: false,
        "enabled",
        "closed",
        BreakerOpenUntil: null,
        [new("720p", 0.07m, 0.1134m, 0.0434m, Serves: true)],
        Spend);

    public static readonly Operation ListAccounts = new("listUpstreams", Topic.Operator, "List provider accounts")
    {
        Description = "Health is `healthy`, `failing` (a breaker is open or half open) or `out` (out of funds or barred). Spend is that of the last 24 hours.",
        Answers = [Answer.Json("The accounts.", ApiJson.Wire.UpstreamListObject, ("failing", new([Example], 1795334400, 1795420800)))],
        Refusals = [ApiErrors.NotInTime()],
    };

    public static readonly Operation GetAccount = new("getUpstream", Topic.Operator, "Show a provider account")
    {
        Inputs = [Kind, Account],
        Answers = [Answer.Json("The account.", ApiJson.Wire.UpstreamObject, ("failing", Example))],
        Refusals = [ApiErrors.UpstreamNotFound(), ApiErrors.NotInTime()],
    };

    public static readonly Operation SwitchAccount = new("switchUpstream", Topic.Operator, "Enable, drain or disable a provider account")
    {
        Inputs = [Kind, Account, Action],
        Answers = [Answer.Json("The account afterwards.", ApiJson.Wire.UpstreamObject, ("failing", Example))],
        Refusals = [ApiErrors.UpstreamNotFound(), ApiErrors.NotInTime()],
    };

    public static readonly Operation ListRoutes = new("listRoutes", Topic.Operator, "List routes with their costs and margins")
    {
        Description = "Costs and sale prices are those of now, in the default group. What the settings take out of service only they bring back.",
        Answers = [Answer.Json("The routes.", ApiJson.Wire.RouteListObject, ("one", new([ExampleRoute], 1795334400, 1795420800)))],
        Refusals = [ApiErrors.NotInTime()],
    };

    public static readonly Operation SwitchRoute = new("switchRoute", Topic.Operator, "Enable, drain or disable a route")
    {
        Inputs = [Route, Action],
        Answers = [Answer.Json("The route's account afterwards.", ApiJson.Wire.UpstreamObject, ("failing", Example))],
        Refusals = [ApiErrors.UpstreamNotFound(), ApiErrors.NotInTime()],
    };

    public static readonly Operation GetMargin = new("getTaskMargin", Topic.Operator, "Show what a task earned and cost")
    {
        Description = "Charges are `made`, `late` (after the task had ended; billed to nobody), `possible` (not known yet; not counted) or `none`.",
        Inputs = [Tenant, Task],
        Answers =
        [
            Answer.Json(
                "The margin.",
                ApiJson.Wire.TaskMarginObject,
                ("completed", new(
                    "ten_4m8xq2wnk7cpd9rt",
                    "task-unified-1795420800-4m8xq2wnk7cpd9rt",
                    "completed",
                    0.567m,
                    0.35m,
                    0.217m,
                    [new("att_2wnk7cpd9rt4m8xq5hvz", "kling-main", "kling/main", "made", 0.35m)]))),
        ],
        Refusals = [ApiErrors.TaskNotFound()],
    };
}
