using Platform.Domain.Tasks;

namespace Platform.Domain.Upstreams;

/// <summary>What the upstream itself said, kept for the operator; never shown to a tenant.</summary>
/// <param name="Code">The upstream's own code, for example <c>429/1303</c>.</param>
/// <param name="Message">The upstream's own words, shortened.</param>
public sealed record UpstreamFault(string Code, string Message);

/// <summary>How a submit ended. The type says what may be done next.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>The job exists at the upstream.</summary>
    public sealed record Accepted(string UpstreamTaskId) : SubmitOutcome;

    /// <summary>This account surely did not take it; another route may.</summary>
    public sealed record RefusedHere(UpstreamFault Fault) : SubmitOutcome;

    /// <summary>The upstream has no place just now, and surely did not take it.</summary>
    public sealed record Busy(UpstreamFault Fault, TimeSpan? RetryAfter) : SubmitOutcome;

    /// <summary>The account is out of funds or barred; it surely did not take it, and will not take others.</summary>
    public sealed record AccountDead(UpstreamFault Fault) : SubmitOutcome;

    /// <summary>No upstream would or may do it: bad input, content policy. Final.</summary>
    public sealed record RefusedEverywhere(TaskErrorCode Error, UpstreamFault Fault) : SubmitOutcome;

    /// <summary>Nobody knows whether the job exists; it must be looked up before anything else.</summary>
    public sealed record Unclear(UpstreamFault Fault) : SubmitOutcome;
}

/// <summary>How a job stands.</summary>
public abstract record QueryOutcome
{
    private QueryOutcome()
    {
    }

    /// <summary>Not finished; an unknown status is this as well.</summary>
    public sealed record Running : QueryOutcome;

    /// <summary>Finished.</summary>
    public sealed record Succeeded(UpstreamOutput Output) : QueryOutcome;

    /// <summary>Failed at the upstream, without cost to us.</summary>
    /// <param name="Error">The error that the tenant is told.</param>
    /// <param name="Fault">What the upstream said.</param>
    /// <param name="RetryElsewhere">Whether another upstream may be tried; false for content policy and bad input.</param>
    public sealed record Failed(TaskErrorCode Error, UpstreamFault Fault, bool RetryElsewhere) : QueryOutcome;

    /// <summary>The upstream stopped it at our request.</summary>
    public sealed record Cancelled : QueryOutcome;

    /// <summary>The upstream says that it has no such job. Three in a row make the attempt unclear.</summary>
    public sealed record NotFound(UpstreamFault Fault) : QueryOutcome;

    /// <summary>No usable answer this time (408, 409, 425, 429, 5xx, network); tolerated.</summary>
    public sealed record Unavailable(UpstreamFault Fault) : QueryOutcome;
}

/// <summary>How a request to stop a job ended.</summary>
public abstract record CancelOutcome
{
    private CancelOutcome()
    {
    }

    /// <summary>The job is stopped and will not be charged.</summary>
    public sealed record Cancelled : CancelOutcome;

    /// <summary>The job has ended, or can no longer be stopped; the next query says how it ended.</summary>
    public sealed record TooLate(UpstreamFault Fault) : CancelOutcome;

    /// <summary>No usable answer.</summary>
    public sealed record Unclear(UpstreamFault Fault) : CancelOutcome;
}

/// <summary>What a look-up by reference found.</summary>
public abstract record LookupOutcome
{
    private LookupOutcome()
    {
    }

    /// <summary>The job exists.</summary>
    public sealed record Found(string UpstreamTaskId) : LookupOutcome;

    /// <summary>The upstream surely has no such job.</summary>
    public sealed record NotFound : LookupOutcome;

    /// <summary>No usable answer; ask again.</summary>
    public sealed record Unavailable(UpstreamFault Fault) : LookupOutcome;
}
