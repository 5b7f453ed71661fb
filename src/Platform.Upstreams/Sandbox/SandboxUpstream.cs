using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Sandbox;

/// <summary>
/// The provider that needs no account: it puts jobs into a queue of the platform's own store, and <see cref="SandboxWorker"/>
/// renders them. Prompts can tell it how to misbehave (<see cref="SandboxScript"/>).
/// </summary>
internal sealed partial class SandboxUpstream(
    ISandboxJobs jobs,
    SandboxSignals signals,
    RenderPrograms programs,
    IIdSource ids,
    TimeProvider clock,
    IOptions<SandboxOptions> options,
    ILogger<SandboxUpstream> logger) : IUpstream
{
    /// <summary>Kind of this upstream.</summary>
    internal const string KindName = "sandbox";

    // Outlives every deadline of a task; not the end of time, which not every store can keep.
    private static readonly TimeSpan Never = TimeSpan.FromDays(3650);

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = true,
        CanFindByReference = true,
        CallTimeout = TimeSpan.FromSeconds(3),
        SendWindow = TimeSpan.FromSeconds(2),
        MinPollInterval = TimeSpan.FromSeconds(0.5),
        MaxPollInterval = TimeSpan.FromSeconds(5),
    };

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return new SubmitOutcome.AccountDead(new UpstreamFault("sandbox/disabled", "The sandbox is disabled."));
        }

        if (programs.Ffmpeg is null)
        {
            return new SubmitOutcome.AccountDead(new UpstreamFault("sandbox/no_ffmpeg", "ffmpeg is not installed"));
        }

        var reading = SandboxScript.Read(request.Prompt, options.Value.AllowAccountRefusal);
        if (reading is not SandboxScriptReading.Understood { Script: var script })
        {
            return Invalid(((SandboxScriptReading.Invalid)reading).Message);
        }

        if (Refusal(script) is { } refusal)
        {
            return refusal;
        }

        if (SandboxRequest.From(request, script) is not { } wanted)
        {
            return Invalid("Quality must be 720p or 1080p, and the orientation image or video.");
        }

        var now = clock.GetUtcNow();
        try
        {
            var job = await jobs.SubmitAsync(
                new SandboxJob
                {
                    Id = "sbx_" + ids.Next(20),
                    Reference = request.Reference,
                    RequestJson = wanted.ToJson(),
                    CreatedAt = now,
                    ReadyAt = now + (script.Hang ? Never : options.Value.Latency + (script.Late ?? TimeSpan.Zero)),
                },
                cancellationToken);
            signals.Wake();
            return script.Unclear
                ? new SubmitOutcome.Unclear(Scripted("unclear"))
                : new SubmitOutcome.Accepted(job.Id);
        }
        catch (Exception exception)
        {
            // The store may have taken the job before it failed, or before the caller lost patience.
            return new SubmitOutcome.Unclear(StoreFault("submit", exception));
        }
    }

    /// <inheritdoc/>
    public async Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.FindAsync(upstreamTaskId, cancellationToken) is { } job
                ? Outcome(job)
                : new QueryOutcome.NotFound(NoSuchJob);
        }
        catch (Exception exception)
        {
            return new QueryOutcome.Unavailable(StoreFault("query", exception));
        }
    }

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        try
        {
            if (await jobs.CancelAsync(upstreamTaskId, cancellationToken))
            {
                signals.Cancelled(upstreamTaskId);
                return new CancelOutcome.Cancelled();
            }

            return await jobs.FindAsync(upstreamTaskId, cancellationToken) switch
            {
                { Status: SandboxJobStatus.Cancelled } => new CancelOutcome.Cancelled(),
                null => new CancelOutcome.TooLate(NoSuchJob),
                var job => new CancelOutcome.TooLate(new UpstreamFault("sandbox/ended", $"The job is {job.Status}.")),
            };
        }
        catch (Exception exception)
        {
            return new CancelOutcome.Unclear(StoreFault("cancel", exception));
        }
    }

    /// <inheritdoc/>
    public async Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.FindByReferenceAsync(reference, cancellationToken) is { } job
                ? new LookupOutcome.Found(job.Id)
                : new LookupOutcome.NotFound();
        }
        catch (Exception exception)
        {
            return new LookupOutcome.Unavailable(StoreFault("look up", exception));
        }
    }

    private static UpstreamFault NoSuchJob => new("sandbox/not_found", "The sandbox has no such job.");

    private static SubmitOutcome.RefusedEverywhere Invalid(string message) =>
        new(TaskErrorCode.InvalidParameters, new UpstreamFault("sandbox/invalid", message));

    private static SubmitOutcome? Refusal(SandboxScript script) => script.Refuse switch
    {
        SandboxRefusal.Busy => new SubmitOutcome.Busy(Scripted("busy"), RetryAfter: TimeSpan.FromSeconds(2)),
        SandboxRefusal.Here => new SubmitOutcome.RefusedHere(Scripted("here")),
        SandboxRefusal.Account => new SubmitOutcome.AccountDead(Scripted("account")),
        SandboxRefusal.Policy => new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, Scripted("policy")),
        _ => null,
    };

    private static QueryOutcome Outcome(SandboxJob job) => job.Status switch
    {
        SandboxJobStatus.Succeeded when job.OutputKey is { } key => new QueryOutcome.Succeeded(new UpstreamOutput("blob:" + key, job.OutputSeconds)),
        SandboxJobStatus.Succeeded => new QueryOutcome.Failed(
            TaskErrorCode.GenerationFailedNoContent, new UpstreamFault("sandbox/no_output", "The job has no output."), RetryElsewhere: true),
        SandboxJobStatus.Failed => Failure(job),
        SandboxJobStatus.Cancelled => new QueryOutcome.Cancelled(),
        _ => new QueryOutcome.Running(),
    };

    private static QueryOutcome.Failed Failure(SandboxJob job)
    {
        var code = TaskErrorCodes.Parse(job.FailureCode) ?? TaskErrorCode.UnknownError;

        // A failure that the prompt asked for is what the tenant wants to see, not what another route makes of it.
        var scripted = SandboxRequest.FromJson(job.RequestJson)?.Fail is not null;
        return new QueryOutcome.Failed(
            code,
            scripted ? Scripted(code.WireName()) : new UpstreamFault("sandbox/" + code.WireName(), job.FailureMessage ?? ""),
            RetryElsewhere: !scripted && code is not (TaskErrorCode.ContentPolicyViolation or TaskErrorCode.InvalidParameters
                or TaskErrorCode.ImageProcessingError or TaskErrorCode.ImageDimensionMismatch));
    }

    /// <summary>A fault that a prompt asked for: its code starts with <c>scripted/</c>, and it says nothing of the sandbox's health.</summary>
    private static UpstreamFault Scripted(string what) => new("scripted/" + what, "The prompt asked for it.");

    private UpstreamFault StoreFault(string call, Exception exception)
    {
        LogStoreFailed(call, exception);
        return new UpstreamFault("sandbox/store", exception.GetType().Name);
    }
}
