using System.Collections.Immutable;
using Platform.Domain.Tasks;

namespace Platform.Domain.Credits;

/// <summary>What happened to an account. All but <see cref="TaskPromoted"/> move credits and have one ledger entry each.</summary>
public abstract record AccountEvent
{
    private AccountEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>A grant came in.</summary>
    public sealed record Granted(string GrantId, CreditAmount Amount, DateTimeOffset? ExpiresAt, string? Note) : AccountEvent;

    /// <summary>An operator took credits out; an upward correction is <see cref="CreditedUp"/>.</summary>
    public sealed record AdjustedDown(string AdjustmentId, CreditAmount Amount, ImmutableArray<LotSlice> Slices, string Reason) : AccountEvent;

    /// <summary>An operator put credits in as a correction.</summary>
    public sealed record CreditedUp(string AdjustmentId, CreditAmount Amount, string Reason) : AccountEvent;

    /// <summary>Credits were set aside for a task, which waits for a place in flight if <paramref name="Queued"/>.</summary>
    public sealed record HoldPlaced(TaskId TaskId, CreditAmount Amount, ImmutableArray<LotSlice> Slices, bool Queued) : AccountEvent;

    /// <summary>Held credits were earned; the hold ends with it if <paramref name="Closes"/>.</summary>
    public sealed record HoldSettled(TaskId TaskId, CreditAmount Amount, bool Closes) : AccountEvent;

    /// <summary>Held credits went back to the lots that they came from; the hold ends with it.</summary>
    public sealed record HoldReleased(TaskId TaskId, CreditAmount Amount, ImmutableArray<LotSlice> Slices) : AccountEvent;

    /// <summary>What was left of a lot expired.</summary>
    /// <param name="GrantId">The grant.</param>
    /// <param name="Amount">Credits that expired.</param>
    /// <param name="TaskId">The task whose release brought them back after their time, or null.</param>
    public sealed record LotExpired(string GrantId, CreditAmount Amount, TaskId? TaskId) : AccountEvent;

    /// <summary>A task that waited got a place in flight. Moves no credits.</summary>
    public sealed record TaskPromoted(TaskId TaskId) : AccountEvent;
}

/// <summary>Why an account refused a command.</summary>
public abstract record AccountRefusal
{
    private AccountRefusal()
    {
    }

    /// <summary>More is needed than can be spent.</summary>
    /// <param name="Needed">Credits that the command needs.</param>
    /// <param name="Available">Credits that can be spent.</param>
    public sealed record InsufficientCredits(CreditAmount Needed, CreditAmount Available) : AccountRefusal;

    /// <summary>Both the places in flight and the queue are full.</summary>
    public sealed record QueueFull(AdmissionSnapshot Admission) : AccountRefusal;

    /// <summary>The task has no open hold: it never had one, or it was resolved before.</summary>
    public sealed record NoOpenHold(TaskId TaskId) : AccountRefusal;

    /// <summary>An amount that cannot be: zero or negative where more is needed, more than is held, or past the limit of an account.</summary>
    public sealed record InvalidAmount(CreditAmount Amount, string Reason) : AccountRefusal;
}

/// <summary>How full a tenant's places were when it was asked.</summary>
/// <param name="InFlight">Tasks in flight.</param>
/// <param name="Waiting">Tasks that wait.</param>
public sealed record AdmissionSnapshot(int InFlight, int Waiting);
