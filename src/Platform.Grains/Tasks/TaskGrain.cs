using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;

namespace Platform.Grains.Tasks;

/// <summary>
/// The shell around a task. One driver at a time asks <see cref="TaskPlan"/> what is next, does it, and commits what came of it; it
/// keeps nothing in memory that the next activation could not do without. Calls interleave: a cancel does not wait for a provider.
/// </summary>
[Reentrant]
internal sealed partial class TaskGrain(
    ITaskStore store,
    IRouteTable routes,
    UpstreamRegistry upstreams,
    IInputMedia inputs,
    IResultMedia results,
    IIdSource ids,
    IRandomSource random,
    IFaultPoints faults,
    TimeProvider time,
    IOptions<GrainOptions> options,
    ILogger<TaskGrain> logger) : Grain, ITaskGrain
{
    private static readonly TimeSpan GoOn = TimeSpan.Zero;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // How long a cancel waits for the upstream's word before it answers that the wish is recorded.
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    private readonly TurnGate _committing = new();
    private readonly ChangeSignal _changed = new();
    private TaskKey _key;
    private GenerationTask? _task;
    private IGrainTimer _timer = null!;
    private bool _driving;
    private bool _driveAgain;
    private bool _stopped;
    private int _failures;

    private GenerationTask Current => _task ?? throw new InvalidOperationException($"There is no task {_key.Id}.");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = TaskGrainKey.Parse(this.GetPrimaryKeyString());
        _task = await store.FindAsync(_key.Tenant, _key.Id, cancellationToken);
        _timer = this.RegisterGrainTimer(DriveAsync, new GrainTimerCreationOptions
        {
            DueTime = Timeout.InfiniteTimeSpan,
            Period = Timeout.InfiniteTimeSpan,
            Interleave = true,
            KeepAlive = true,
        });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // What is under way is finished and committed, behind the fences; the next step is another activation's.
        _stopped = true;
        return Task.CompletedTask;
    }

    public Task Wake()
    {
        _ = DriveAsync();
        return Task.CompletedTask;
    }

    public async Task<CancelReply> Cancel()
    {
        // An activation that was asked for the task before it was accepted does not know it yet.
        _task ??= await store.FindAsync(_key.Tenant, _key.Id, CancellationToken.None);
        if (_task is null)
        {
            DeactivateOnIdle();
            return new() { Outcome = TaskCancelOutcome.NotFound };
        }

        var deadline = time.GetUtcNow() + CancelPatience;
        while (true)
        {
            switch (Current.Phase)
            {
                case TaskPhase.Ended { Outcome: TaskOutcome.Cancelled }:
                    return new() { Outcome = TaskCancelOutcome.Cancelled };
                case TaskPhase.Ended:
                    return TooLate($"The task has ended: it is {Current.Status}.");
                case TaskPhase.Storing:
                    return TooLate("The video is finished and is being stored.");
                case TaskPhase.Accepted or TaskPhase.Ready:
                    if (deadline <= time.GetUtcNow())
                    {
                        return new() { Outcome = TaskCancelOutcome.Requested };
                    }

                    await ResolveAsync(new() { TaskId = _key.Id, TaskVersion = Current.Version, End = TaskEnd.Cancel });
                    continue;
                default:
                    break;
            }

            if (Current.CancelDeclined || upstreams.Capabilities(Current.CurrentAttempt!.Upstream) is not { CanCancel: true })
            {
                return TooLate("The video is being made, and the provider cannot stop it.");
            }

            if (!Current.CancelRequested)
            {
                await ApplyAsync((_, now) => new TaskCommand.RequestCancel { Now = now });
                _ = DriveAsync();
                continue;
            }

            var patience = deadline - time.GetUtcNow();
            if (patience <= TimeSpan.Zero)
            {
                return new() { Outcome = TaskCancelOutcome.Requested };
            }

            await _changed.WaitAsync(patience, time);
        }

        static CancelReply TooLate(string reason) => new() { Outcome = TaskCancelOutcome.TooLate, Reason = reason };
    }

    private async Task DriveAsync()
    {
        if (_driving)
        {
            _driveAgain = true;
            return;
        }

        _driving = true;
        try
        {
            do
            {
                _driveAgain = false;
                var pause = await DriveUntilPauseAsync();
                if (pause is { } wait && !_stopped)
                {
                    _timer.Change(wait, Timeout.InfiniteTimeSpan);
                }
            }
            while (_driveAgain && !_stopped);
        }
        finally
        {
            _driving = false;
        }
    }

    /// <summary>Goes on until there is something to wait for; returns how long, or null where nothing is left to do.</summary>
    private async Task<TimeSpan?> DriveUntilPauseAsync()
    {
        try
        {
            while (_task is { IsTerminal: false } before && !_stopped)
            {
                var step = TaskPlan.Next(before, upstreams.Capabilities, time.GetUtcNow());
                var pause = await PerformAsync(step);
                if (pause <= TimeSpan.Zero && _task.Version == before.Version)
                {
                    // Nothing moved and nothing is waited for: whatever contradicts itself here would do so again at once.
                    LogNoProgress(logger, _key.Tenant, _key.Id, step.GetType().Name);
                    pause = Pause(++_failures);
                }
                else
                {
                    _failures = 0;
                }

                // A deadline may come before the pause is over, or may have come while the step was under way.
                var left = TaskPlan.Deadline(_task) - time.GetUtcNow();
                if (pause > TimeSpan.Zero && (left is null || left > TimeSpan.Zero || step is TaskStep.End))
                {
                    return left > TimeSpan.Zero && left < pause ? left : pause;
                }
            }

            DeactivateOnIdle();
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever failed, what is committed stands: look at it again, and go on from there.
            LogStepFailed(logger, error, _key.Tenant, _key.Id);
            _failures++;
            await TryReloadAsync();
            return Pause(_failures);
        }
    }

    private Task<TimeSpan> PerformAsync(TaskStep step) => step switch
    {
        TaskStep.CopyInputs => CopyInputsAsync(),
        TaskStep.Submit submit => SubmitAsync(submit),
        TaskStep.ClearDoubt doubt => ClearDoubtAsync(doubt),
        TaskStep.Poll poll => PollAsync(poll),
        TaskStep.StopUpstream stop => StopUpstreamAsync(stop),
        TaskStep.StoreOutput output => StoreOutputAsync(output),
        TaskStep.End end => EndAsync(end.Command),
        TaskStep.Rest => Task.FromResult(GoOn),
        _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
    };

    /// <summary>
    /// Decides a command on the committed task and commits its events. A lost fence means that another activation or the tenant has
    /// moved the task: it is read anew and the command decided again. So it is after a commit whose outcome is unknown, for what an
    /// upstream has said is not said twice. Says whether the task moved by this very call, for sure.
    /// </summary>
    private async Task<bool> ApplyAsync(Func<GenerationTask, DateTimeOffset, TaskCommand?> command)
    {
        using var turn = await _committing.EnterAsync();
        for (var failures = 0; ;)
        {
            try
            {
                var task = Current;
                var now = time.GetUtcNow();
                if (command(task, now) is not { } decided
                    || TaskDecider.Decide(task, decided) is not { Refusal: null, Events: { IsEmpty: false } events })
                {
                    return false;
                }

                var after = TaskDecider.Apply(task, events);
                var unit = new TaskUnit(after, task.Version, events, now + options.Value.TaskLease);
                if (await store.CommitAsync(unit, CancellationToken.None) is CommitOutcome.Committed)
                {
                    Become(after);
                    return true;
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException && failures < options.Value.CommitRetries)
            {
                LogStepFailed(logger, error, _key.Tenant, _key.Id);
                await Task.Delay(TimeSpan.FromMilliseconds(100 << Math.Min(failures++, 5)), time);
                await TryReloadAsync();
                continue;
            }

            await ReloadAsync();
        }
    }

    /// <summary>
    /// The same for what became of a request. Another activation may meanwhile have sent the same reference again, or gone on to another
    /// route: then the answer to the older request says nothing about the newer one.
    /// </summary>
    private Task<bool> ApplyAsync(Attempt attempt, Func<DateTimeOffset, TaskCommand> command) =>
        ApplyAsync((task, now) => IsStill(task, attempt) ? command(now) : null);

    private static bool IsStill(GenerationTask task, Attempt attempt) =>
        task.CurrentAttempt is { } current && current.Id == attempt.Id && current.Sends == attempt.Sends;

    /// <summary>Has the tenant end the task, then reads what is committed: another end may have been first.</summary>
    private async Task ResolveAsync(ResolveTask command)
    {
        await GrainFactory.GetGrain<ITenantGrain>(_key.Tenant.Value).Resolve(command);
        await ReloadAsync();
    }

    private async Task<TimeSpan> EndAsync(TaskCommand command)
    {
        var open = Current.CurrentAttempt;
        await ResolveAsync(command switch
        {
            TaskCommand.Complete complete => End(TaskEnd.Complete) with { Result = complete.Result },
            TaskCommand.Fail fail => End(TaskEnd.Fail) with { Error = fail.Error, Fault = fail.Fault },
            TaskCommand.Cancel cancel => End(TaskEnd.Cancel) with { UpstreamStopped = cancel.UpstreamStopped },
            _ => throw new InvalidOperationException($"{command.GetType().Name} does not end a task."),
        });

        if (command is TaskCommand.Fail { Error.Code: TaskErrorCode.GenerationTimeout } && Current.IsTerminal && open is not null)
        {
            await StopAfterTimeoutAsync(open);
        }

        return GoOn;

        ResolveTask End(TaskEnd end) => new() { TaskId = _key.Id, TaskVersion = Current.Version, End = end };
    }

    /// <summary>Ends the task for what an upstream said of an attempt, unless another activation has gone on from there.</summary>
    private Task<TimeSpan> EndAsync(Attempt attempt, TaskCommand command) =>
        IsStill(Current, attempt) ? EndAsync(command) : Task.FromResult(GoOn);

    private Task<TimeSpan> FailAsync(TaskErrorCode code, string message, Domain.Upstreams.UpstreamFault? fault = null) =>
        EndAsync(new TaskCommand.Fail(new(code, message), fault) { Now = time.GetUtcNow() });

    // A reload that was overtaken by a commit must not take the task back.
    private async Task ReloadAsync()
    {
        var task = await store.FindAsync(_key.Tenant, _key.Id, CancellationToken.None)
            ?? throw new InvalidOperationException($"Task {_key.Id} is gone.");
        if (_task is null || task.Version > _task.Version)
        {
            Become(task);
        }
    }

    private async Task TryReloadAsync()
    {
        try
        {
            await ReloadAsync();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogStepFailed(logger, error, _key.Tenant, _key.Id);
        }
    }

    private void Become(GenerationTask task)
    {
        _task = task;
        _changed.Raise();
    }

    private TimeSpan Pause(int tries) => Backoff.Pause(tries, FirstPause, LongestPause, random.NextDouble());
}
