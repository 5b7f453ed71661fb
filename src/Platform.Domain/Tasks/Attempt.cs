using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>How an attempt at an upstream ended.</summary>
public enum AttemptEnding
{
    /// <summary>The upstream finished.</summary>
    Succeeded = 1,

    /// <summary>The upstream did not take it.</summary>
    Refused = 2,

    /// <summary>The upstream had no place.</summary>
    Busy = 3,

    /// <summary>The account is out of funds or barred.</summary>
    AccountDead = 4,

    /// <summary>It failed at the upstream after it was taken.</summary>
    Failed = 5,

    /// <summary>The upstream stopped it at our request.</summary>
    Cancelled = 6,

    /// <summary>The task ended while it was open: a deadline, or doubt that was never cleared.</summary>
    Abandoned = 7,
}

/// <summary>One try at one upstream, recorded before anything is sent.</summary>
public sealed record Attempt
{
    /// <summary>Our reference of it, unique for ever: <c>att_…</c>. A resend to the same account keeps it.</summary>
    public required string Id { get; init; }

    /// <summary>The route it took.</summary>
    public required string RouteId { get; init; }

    /// <summary>Kind of the upstream.</summary>
    public required string Upstream { get; init; }

    /// <summary>The provider account that pays.</summary>
    public required string Account { get; init; }

    /// <summary>What a second costs us on this route, in US dollars.</summary>
    public required decimal CostPerSecondUsd { get; init; }

    /// <summary>Number of the account's slot that it took; null where the account has no limit.</summary>
    public int? Slot { get; init; }

    /// <summary>What its output costs us, in US dollars; null while there is none.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>No request is sent after this.</summary>
    public required DateTimeOffset SendBy { get; init; }

    /// <summary>How often the request may have been sent.</summary>
    public int Sends { get; init; } = 1;

    /// <summary>The upstream's id of the job, once known.</summary>
    public string? UpstreamTaskId { get; init; }

    /// <summary>When it ended, or null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, or null while it is open.</summary>
    public AttemptEnding? Ending { get; init; }

    /// <summary>What the tenant is told if no other route makes up for this attempt; null where nothing was made.</summary>
    public TaskErrorCode? Error { get; init; }

    /// <summary>What the upstream said, for the operator.</summary>
    public UpstreamFault? Fault { get; init; }
}
