namespace Platform.Api.Operator.Upstreams;

/// <summary>A provider account as the operator sees it. Times are unix seconds, money is US dollars.</summary>
internal sealed record UpstreamObject(
    string Account,
    string State,
    string Health,
    long? OutSince,
    long? NextProbeAt,
    SlotsObject Slots,
    SpendObject Spend,
    IReadOnlyList<UpstreamRouteObject> Routes,
    IReadOnlyList<UpstreamErrorObject> LastErrors);

internal sealed record UpstreamListObject(IReadOnlyList<UpstreamObject> Data, long From, long To);

/// <summary>Jobs that the account may have at once (absent for no limit), has, and is waited for.</summary>
internal sealed record SlotsObject(int? Limit, int Used, int Waiting);

/// <summary>
/// What was charged: for outputs that tasks went on with, for those that came after their task had ended, and what attempts that were
/// given up may still come to.
/// </summary>
internal sealed record SpendObject(decimal MadeUsd, decimal LateUsd, decimal PossibleUsd, long Attempts)
{
    public static SpendObject None { get; } = new(0m, 0m, 0m, 0);
}

internal sealed record UpstreamRouteObject(string Route, string State, string Breaker, long? BreakerOpenUntil);

internal sealed record UpstreamErrorObject(long At, string Route, string Code, string Message);

/// <summary>A route as the operator sees it.</summary>
internal sealed record RouteObject(
    string Route,
    string Model,
    string Account,
    string? Region,
    int Priority,
    bool AllowLoss,
    bool Sandbox,
    string State,
    string Breaker,
    long? BreakerOpenUntil,
    IReadOnlyList<RouteCostObject> Costs,
    SpendObject Spend);

internal sealed record RouteListObject(IReadOnlyList<RouteObject> Data, long From, long To);

/// <summary>What a unit costs and is sold for in the default group; <c>serves</c> is false where that is a loss that is not allowed.</summary>
internal sealed record RouteCostObject(string Quality, decimal CostUsd, decimal SaleUsd, decimal MarginUsd, bool Serves);

/// <summary>What a task earned and cost.</summary>
internal sealed record TaskMarginObject(
    string Tenant, string Task, string Status, decimal RevenueUsd, decimal CostUsd, decimal MarginUsd, IReadOnlyList<TaskChargeObject> Charges);

internal sealed record TaskChargeObject(string Attempt, string Route, string Account, string Kind, decimal CostUsd);
