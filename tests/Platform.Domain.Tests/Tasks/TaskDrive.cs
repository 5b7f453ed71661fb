using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using static Platform.Domain.Tests.Tasks.TestTask;

namespace Platform.Domain.Tests.Tasks;

/// <summary>
/// Carries a task to its end by its plan alone, as the silos do: commits may be lost with the process at any point, answers may be lost or
/// come again later, and the caller may want it stopped at any time.
/// </summary>
internal sealed class TaskDrive
{
    private const int MostSteps = 20_000;

    /// <summary>Longest wait between two looks at the task: what may be added to a deadline.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Random _random;
    private readonly Mood _mood;
    private readonly FakeUpstreams _upstreams;
    private readonly List<TaskCommand> _answers = [];
    private GenerationTask _task = Accepted();
    private DateTimeOffset _now = Start;
    private int _attempts;
    private int _terminalEvents;
    private int _notFound;

    private TaskDrive(int seed, Mood mood)
    {
        _random = new(seed);
        _mood = mood;
        _upstreams = new(_random, mood);
    }

    /// <summary>Drives a task to its end; says what is wrong, or null.</summary>
    public static string? FirstViolation(int seed, Mood mood, out GenerationTask ended)
    {
        var drive = new TaskDrive(seed, mood);
        var violation = drive.Run();
        ended = drive._task;
        return violation is null ? null : $"{mood.Name}: {violation}";
    }

    private string? Run()
    {
        for (var i = 0; i < MostSteps; i++)
        {
            if (_upstreams.Chance(_mood.Cancels))
            {
                Tell(TaskDecider.Decide(_task, new TaskCommand.RequestCancel { Now = _now }).Events);
            }

            if (_answers.Count > 0 && _upstreams.Chance(_mood.Repeats))
            {
                Tell(TaskDecider.Decide(_task, _answers[_random.Next(_answers.Count)] with { Now = _now }).Events);
            }

            if (_task.IsTerminal)
            {
                break;
            }

            if (Step(TaskPlan.Next(_task, FakeUpstreams.CapabilitiesOf, _now)) is { } violation)
            {
                return violation;
            }
        }

        // What was sent and comes after the end changes no end.
        var (phase, endedAt) = (_task.Phase, _task.EndedAt);
        foreach (var answer in _answers)
        {
            Tell(TaskDecider.Decide(_task, answer with { Now = _now }).Events);
        }

        var last = (_task.GenerationDeadline ?? _task.QueueDeadline) + TimeSpan.FromHours(24) + LongestWait;
        return !_task.IsTerminal ? $"did not end within {MostSteps} steps"
            : _task.EndedAt > last ? $"ended at {_task.EndedAt:O}, after {last:O}"
            : _terminalEvents != 1 ? $"ended {_terminalEvents} times"
            : _task.Phase != phase || _task.EndedAt != endedAt ? "a late answer changed its end"
            : null;
    }

    private string? Step(TaskStep step)
    {
        switch (step)
        {
            case TaskStep.CopyInputs:
                Wait(TimeSpan.FromMinutes(2));
                return _upstreams.Chance(_mood.Unavailable) ? null : Commit(new TaskCommand.RecordInputs(Inputs) { Now = _now });

            case TaskStep.Submit submit when _now < submit.NotBefore:
                WaitUntil(submit.NotBefore);
                return null;

            case TaskStep.Submit:
                return Submit();

            case TaskStep.ClearDoubt doubt when _now < doubt.NotBefore:
                WaitUntil(doubt.NotBefore);
                return null;

            case TaskStep.ClearDoubt doubt:
                return ClearDoubt(doubt.Attempt);

            case TaskStep.Poll poll:
                Wait(TimeSpan.FromSeconds(30));
                return Poll(poll.Attempt);

            case TaskStep.StopUpstream stop:
                Wait(TimeSpan.FromSeconds(5));
                return _upstreams.Cancel(stop.Attempt.Id) switch
                {
                    CancelOutcome.Cancelled => Commit(new TaskCommand.Cancel(UpstreamStopped: true) { Now = _now }),
                    CancelOutcome.TooLate late => Commit(new TaskCommand.RecordCancelDeclined(stop.Attempt.Id, late.Fault) { Now = _now }),
                    _ => null,
                };

            case TaskStep.StoreOutput store:
                Wait(LongestWait);
                return _upstreams.Chance(_mood.Unavailable) || _upstreams.Chance(_mood.StoreDown) ? null
                    : _upstreams.Chance(_mood.Fails / 2)
                        ? Commit(new TaskCommand.RecordAttemptFailed(store.Attempt.Id, TaskErrorCode.GenerationFailedNoContent, Fault) { Now = _now })
                        : Commit(new TaskCommand.Complete(Stored()) { Now = _now });

            case TaskStep.End end:
                return Commit(end.Command);

            default:
                return $"no step: {step}";
        }
    }

    private string? Submit()
    {
        var route = FakeUpstreams.Routes[_attempts % FakeUpstreams.Routes.Length];
        var start = new TaskCommand.StartAttempt($"a{++_attempts}", route, [], _now.AddSeconds(10)) { Now = _now };
        if (Commit(start) is { } violation)
        {
            return violation;
        }

        // The process died before the commit: nothing is sent.
        if (_task.CurrentAttempt?.Id != start.AttemptId)
        {
            return null;
        }

        if (_upstreams.RunsAnother(start.AttemptId))
        {
            return $"{start.AttemptId} was started while another upstream works on the task";
        }

        return Send(start.AttemptId);
    }

    private string? Send(string reference)
    {
        if (_upstreams.Chance(_mood.Crashes))
        {
            return null;
        }

        var taken = _upstreams.Arrive(reference);
        Wait(TimeSpan.FromSeconds(8));
        return _upstreams.Chance(_mood.LosesAnswers) ? Commit(new TaskCommand.RecordUnclear(reference, Fault) { Now = _now })
            : taken ? Commit(new TaskCommand.RecordAccepted(reference, $"job-{reference}") { Now = _now })
            : Commit(new TaskCommand.RecordRefused(reference, AttemptEnding.Busy, Fault, _now.AddMinutes(1)) { Now = _now });
    }

    private string? ClearDoubt(Attempt attempt)
    {
        Wait(TimeSpan.FromSeconds(30));
        if (FakeUpstreams.CapabilitiesOf(attempt.Upstream) is not { CanFindByReference: true } || _upstreams.Chance(_mood.Unavailable))
        {
            Wait(LongestWait);
            return null;
        }

        if (_upstreams.Has(attempt.Id))
        {
            return Commit(new TaskCommand.RecordAccepted(attempt.Id, $"job-{attempt.Id}") { Now = _now });
        }

        var sends = attempt.Sends;
        var violation = Commit(new TaskCommand.RecordNotFound(attempt.Id, _now.AddSeconds(10)) { Now = _now });
        return violation is null && _task.CurrentAttempt is { } current && current.Sends > sends ? Send(attempt.Id) : violation;
    }

    private string? Poll(Attempt attempt)
    {
        // A repeated answer may say that a job is accepted which is not there any more.
        if (!_upstreams.Has(attempt.Id) && ++_notFound % 3 == 0)
        {
            return Commit(new TaskCommand.RecordUnclear(attempt.Id, Fault) { Now = _now });
        }

        return !_upstreams.Has(attempt.Id) ? null : _upstreams.Query(attempt.Id) switch
        {
            QueryOutcome.Succeeded done => Commit(new TaskCommand.RecordOutput(attempt.Id, done.Output) { Now = _now }),
            QueryOutcome.Failed failed => Commit(new TaskCommand.RecordAttemptFailed(attempt.Id, failed.Error, failed.Fault) { Now = _now }),
            QueryOutcome.Cancelled => Commit(new TaskCommand.Cancel(UpstreamStopped: true) { Now = _now }),
            _ => null,
        };
    }

    /// <summary>Commits what the plan's step came to. It must count: a plan whose answers are refused leads nowhere.</summary>
    private string? Commit(TaskCommand command)
    {
        _answers.Add(command);
        var decision = TaskDecider.Decide(_task, command);
        if (decision.Refusal is { } refusal)
        {
            return $"{command} for {_task.Phase} was refused: {refusal}";
        }

        if (decision.Events.IsEmpty)
        {
            return $"{command} for {_task.Phase} counted for nothing";
        }

        if (!_upstreams.Chance(_mood.Crashes))
        {
            Tell(decision.Events);
        }

        return null;
    }

    private void Tell(IReadOnlyCollection<TaskEvent> events)
    {
        _terminalEvents += events.Count(e => e is TaskEvent.Completed or TaskEvent.Failed or TaskEvent.Cancelled);
        _task = TaskDecider.Apply(_task, events);
    }

    private void Wait(TimeSpan most) => _now += most * _random.NextDouble();

    /// <summary>Sleeps until a time, but no longer than until the task's deadline.</summary>
    private void WaitUntil(DateTimeOffset time) => _now = TaskPlan.Deadline(_task) is { } deadline && deadline < time ? deadline : time;
}
