using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Contracts;

/// <summary>Names a task.</summary>
[GenerateSerializer, Immutable, Alias("platform.task-ref")]
public sealed record TaskRef
{
    /// <summary>Whose task.</summary>
    [Id(0)]
    public required TenantId Tenant { get; init; }

    /// <summary>Its id.</summary>
    [Id(1)]
    public required TaskId Id { get; init; }
}

/// <summary>An attempt that a task would record.</summary>
[GenerateSerializer, Immutable, Alias("platform.admit-attempt")]
public sealed record AdmitAttempt
{
    /// <summary>The task.</summary>
    [Id(0)]
    public required TaskRef Task { get; init; }

    /// <summary>Id that the attempt will have.</summary>
    [Id(1)]
    public required string AttemptId { get; init; }

    /// <summary>The route.</summary>
    [Id(2)]
    public required string RouteId { get; init; }
}

/// <summary>What became of an ask.</summary>
public enum AdmitOutcome
{
    /// <summary>It may be recorded, with <see cref="AdmitReply.Slot"/>.</summary>
    Admitted = 1,

    /// <summary>All slots are taken; the task is called when its turn has come.</summary>
    NoSlot = 2,

    /// <summary>Account or route is out of service; see <see cref="AdmitReply.Reason"/>.</summary>
    OutOfService = 3,
}

/// <summary>The answer to an ask.</summary>
[GenerateSerializer, Immutable, Alias("platform.admit-reply")]
public sealed record AdmitReply
{
    /// <summary>What became of it.</summary>
    [Id(0)]
    public required AdmitOutcome Outcome { get; init; }

    /// <summary>Number of the slot to take; null where the account has no limit.</summary>
    [Id(1)]
    public int? Slot { get; init; }

    /// <summary>Why not, in a few words; kept in the task's history.</summary>
    [Id(2)]
    public string? Reason { get; init; }
}

/// <summary>What an attempt says of its route.</summary>
public enum AttemptNews
{
    /// <summary>The upstream took it.</summary>
    Taken = 1,

    /// <summary>It went wrong by the upstream's own fault: refused, failed, no answer.</summary>
    Fault = 2,

    /// <summary>The account is out of funds or barred.</summary>
    AccountDead = 3,

    /// <summary>Nothing: it was busy, or the tenant's input was the cause, or the task ended.</summary>
    Nothing = 4,
}

/// <summary>How an attempt went.</summary>
[GenerateSerializer, Immutable, Alias("platform.attempt-report")]
public sealed record AttemptReport
{
    /// <summary>Its task.</summary>
    [Id(0)]
    public required TaskRef Task { get; init; }

    /// <summary>The attempt.</summary>
    [Id(1)]
    public required string AttemptId { get; init; }

    /// <summary>The route that it took.</summary>
    [Id(2)]
    public required string RouteId { get; init; }

    /// <summary>What it says of the route; null where it is only its slot that is told of.</summary>
    [Id(3)]
    public AttemptNews? News { get; init; }

    /// <summary>What the upstream said, or null.</summary>
    [Id(4)]
    public UpstreamFault? Fault { get; init; }

    /// <summary>Whether its slot is free: the attempt has ended, or its commit was lost.</summary>
    [Id(5)]
    public bool FreesSlot { get; init; }

    /// <summary>Whether the slot was somebody else's: what is known of them is wrong.</summary>
    [Id(6)]
    public bool SlotWasTaken { get; init; }
}

/// <summary>A switch that the operator turns.</summary>
[GenerateSerializer, Immutable, Alias("platform.switch-upstream")]
public sealed record SwitchUpstream
{
    /// <summary>One route, or null for the whole account.</summary>
    [Id(0)]
    public string? RouteId { get; init; }

    /// <summary>Whether it takes tasks.</summary>
    [Id(1)]
    public required RouteState State { get; init; }
}

/// <summary>How an account stands.</summary>
[GenerateSerializer, Immutable, Alias("platform.upstream-account-view")]
public sealed record UpstreamAccountView
{
    /// <summary>The account: <c>kind/name</c>.</summary>
    [Id(0)]
    public required string Account { get; init; }

    /// <summary>Whether it takes tasks.</summary>
    [Id(1)]
    public required RouteState State { get; init; }

    /// <summary>Since when it is out of funds or barred; null while it is not.</summary>
    [Id(2)]
    public DateTimeOffset? OutSince { get; init; }

    /// <summary>When it is asked again, while it is out.</summary>
    [Id(3)]
    public DateTimeOffset? NextProbeAt { get; init; }

    /// <summary>Number of slots; null for no limit.</summary>
    [Id(4)]
    public int? Slots { get; init; }

    /// <summary>Slots that are taken, as it is committed.</summary>
    [Id(5)]
    public required int SlotsUsed { get; init; }

    /// <summary>Tasks that wait for one.</summary>
    [Id(6)]
    public required int Waiting { get; init; }

    /// <summary>Its routes.</summary>
    [Id(7)]
    public required ImmutableArray<RouteView> Routes { get; init; }

    /// <summary>What went wrong lately, newest first.</summary>
    [Id(8)]
    public required ImmutableArray<UpstreamErrorView> LastErrors { get; init; }
}

/// <summary>How a route stands.</summary>
[GenerateSerializer, Immutable, Alias("platform.route-view")]
public sealed record RouteView
{
    /// <summary>The route.</summary>
    [Id(0)]
    public required string RouteId { get; init; }

    /// <summary>Whether it takes tasks, by the settings and the operator.</summary>
    [Id(1)]
    public required RouteState State { get; init; }

    /// <summary>How its breaker stands.</summary>
    [Id(2)]
    public required BreakerState Breaker { get; init; }

    /// <summary>Until when the breaker is open; null while it is closed.</summary>
    [Id(3)]
    public DateTimeOffset? BreakerOpenUntil { get; init; }
}

/// <summary>Something that went wrong at an upstream.</summary>
[GenerateSerializer, Immutable, Alias("platform.upstream-error-view")]
public sealed record UpstreamErrorView
{
    /// <summary>When.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>On which route.</summary>
    [Id(1)]
    public required string RouteId { get; init; }

    /// <summary>What the upstream said.</summary>
    [Id(2)]
    public required UpstreamFault Fault { get; init; }
}
