using System.Collections.Concurrent;
using CsCheck;
using Platform.Domain.Tasks;
using static Platform.Domain.Tests.Tasks.TestTask;

namespace Platform.Domain.Tests.Tasks;

/// <summary>One random command. What its numbers mean depends on the task that it meets.</summary>
/// <param name="Command">Row of the transition table.</param>
/// <param name="Name">Picks the attempt: mostly the current one.</param>
/// <param name="Seconds">How far the clock has moved.</param>
/// <param name="Earlier">Picks an earlier command to send once more instead; negative for none.</param>
internal sealed record TaskRunStep(string Command, int Name, int Seconds, int Earlier)
{
    private static readonly Gen<string> CommandNames = Gen.Frequency(
        [.. TransitionTable.Commands.Select(c => (c is "Fail" or "CancelUnstopped" or "CancelStopped" or "Complete" ? 2 : c is "RequestCancel" or "EraseMedia" ? 3 : c is "RecordUnclear" ? 12 : 8, Gen.Const(c)))]);

    public static Gen<TaskRunStep[]> Runs { get; } =
        Gen.Select(
            CommandNames, Gen.Int[0, 9], Gen.Frequency((4, Gen.Int[0, 40]), (1, Gen.Int[0, 4000])), Gen.Int[-40, 20],
            (command, name, seconds, earlier) => new TaskRunStep(command, name, seconds, earlier))
        .Array[1, 60];
}

/// <summary>
/// Sends random commands to a task, in any order, late and more than once, and compares each answer with the table of transitions
/// and each state with what must always hold.
/// </summary>
internal sealed class TaskRun
{
    private readonly ConcurrentDictionary<(string Phase, string Command), int>? _reached;
    private readonly bool _clockMayGoBack;
    private readonly List<TaskCommand> _commands = [];
    private readonly HashSet<string> _started = new(StringComparer.Ordinal);
    private GenerationTask _task = Accepted();
    private DateTimeOffset _now = Start;
    private int _progress;
    private int _terminalEvents;

    private TaskRun(bool clockMayGoBack, ConcurrentDictionary<(string Phase, string Command), int>? reached) =>
        (_clockMayGoBack, _reached) = (clockMayGoBack, reached);

    /// <summary>The first thing that is wrong, or null.</summary>
    public static string? FirstViolation(
        IReadOnlyList<TaskRunStep> steps, bool clockMayGoBack, ConcurrentDictionary<(string Phase, string Command), int>? reached = null)
    {
        var run = new TaskRun(clockMayGoBack, reached);
        for (var i = 0; i < steps.Count; i++)
        {
            if (run.Violation(steps[i]) is { } violation)
            {
                return $"step {i}, {steps[i]}: {violation}";
            }
        }

        return null;
    }

    private static int Rank(GenerationStatus status) => status switch
    {
        GenerationStatus.Pending => 1,
        GenerationStatus.Processing => 2,
        _ => 3,
    };

    private string? Violation(TaskRunStep step)
    {
        _now = _now.AddSeconds(_clockMayGoBack && step.Seconds % 5 == 0 ? -step.Seconds : step.Seconds);
        if (Progressed() is { } stepBack)
        {
            return stepBack;
        }

        var command = step.Earlier >= 0 && step.Earlier < _commands.Count ? _commands[step.Earlier] with { Now = _now } : Command(step);
        _commands.Add(command);
        var before = _task;
        _reached?.AddOrUpdate((TransitionTable.NameOf(before.Phase), TransitionTable.NameOf(command)), 1, (_, n) => n + 1);
        var expected = Expected(before, command);
        var outcome = TransitionTable.Outcome(before, command, out _task);
        if (outcome != expected)
        {
            return $"{command} in {before.Phase} gave '{outcome}' where '{expected}' is right";
        }

        if (outcome is "-" or "!" or "E")
        {
            return ReferenceEquals(before, _task) ? null : $"{command} said '{outcome}' and changed the task";
        }

        if (command is TaskCommand.StartAttempt start)
        {
            _started.Add(start.AttemptId);
        }

        _terminalEvents += TaskDecider.Decide(before, command).Events.Count(e => e is TaskEvent.Completed or TaskEvent.Failed or TaskEvent.Cancelled);
        return Always(before) ?? Repeat(command) ?? Progressed() ?? Planned();
    }

    private string? Always(GenerationTask before)
    {
        if (_task.Version != before.Version + 1)
        {
            return $"version {before.Version} became {_task.Version}";
        }

        if (Rank(_task.Status) < Rank(before.Status) || (before.IsTerminal && (_task.Phase != before.Phase || _task.EndedAt != before.EndedAt)))
        {
            return $"{before.Status} became {_task.Status}";
        }

        if (_terminalEvents != (_task.IsTerminal ? 1 : 0))
        {
            return $"{_terminalEvents} terminal events for a task that is {_task.Status}";
        }

        if (_task.Attempts.Count(a => a.Ending is null) > 1 || _task.Attempts.SkipLast(1).Any(a => a.Ending is null) || (_task.IsTerminal && _task.CurrentAttempt is not null))
        {
            return "more than one attempt is open, or one of a task that has ended";
        }

        if (before.CancelRequested && _task.Attempts.Sum(a => a.Sends) > before.Attempts.Sum(a => a.Sends))
        {
            return "something was sent after the caller wanted it stopped";
        }

        if (before.CurrentAttempt is { } open && _task.Attempts.Length > before.Attempts.Length)
        {
            return $"an attempt started while {open.Id} was open";
        }

        return _task.Phase is TaskPhase.Ended { Outcome: TaskOutcome.Completed done }
            && (done.CreditsUsed > _task.CreditsReserved || done.BilledSeconds > _task.ReservedSeconds || done.CreditsUsed != _task.Price.UnitPrice * done.BilledSeconds)
                ? $"{done} is more than was reserved, or not the price"
                : null;
    }

    private string? Repeat(TaskCommand command) =>
        TaskDecider.Decide(_task, command).Events.IsEmpty ? null : $"{command} can be repeated";

    private string? Progressed()
    {
        var progress = Progress.Of(_task, _now);
        if (progress is < 0 or > 100 || (progress == 100) != (_task.Status == GenerationStatus.Completed) || (progress < _progress && !_clockMayGoBack))
        {
            return $"progress went from {_progress} to {progress} at {_now:O}";
        }

        _progress = progress;
        return null;
    }

    /// <summary>The plan has a step for every state, at any time, whatever the upstream can do.</summary>
    private string? Planned()
    {
        foreach (var capabilities in new[] { Capable, Capable with { CanCancel = false, CanFindByReference = false }, null })
        {
            foreach (var now in new[] { Start, _now, Start.AddDays(30) })
            {
                var step = TaskPlan.Next(_task, _ => capabilities, now);
                if (step is TaskStep.Rest != _task.IsTerminal)
                {
                    return $"the plan for a task that is {_task.Status} is {step}";
                }

                if (step is TaskStep.End end && !TransitionTable.Outcome(_task, end.Command, out _).Equals("Ended", StringComparison.Ordinal))
                {
                    return $"the plan ends the task by {end.Command}, which is refused";
                }

                if (!_task.IsTerminal && now == Start.AddDays(30) && step is not TaskStep.End)
                {
                    return $"days after every deadline the plan is still {step}";
                }
            }
        }

        return null;
    }

    /// <summary>The table, and what a wish to cancel, an old attempt and the send-by time change about it.</summary>
    private string Expected(GenerationTask task, TaskCommand command)
    {
        var phase = TransitionTable.NameOf(task.Phase);
        var byTable = TransitionTable.Next(phase, TransitionTable.NameOf(command));
        var current = task.CurrentAttempt;
        switch (command)
        {
            case TaskCommand.StartAttempt c when phase == "Ready":
                return task.CancelRequested ? "!" : _started.Contains(c.AttemptId) ? "-" : byTable;
            case TaskCommand.StartAttempt c:
                return current?.Id == c.AttemptId ? "-" : byTable;
            case TaskCommand.RecordOutput c when phase == "Ended":
                return task.Attempts.Any(a => a.Id == c.AttemptId && a.Ending is AttemptEnding.Abandoned or AttemptEnding.Cancelled) ? byTable : "-";
            case TaskCommand.RecordNoOutput c:
                return task.IsTerminal && task.Attempts.Any(a => a.Id == c.AttemptId && a.Ending is AttemptEnding.Abandoned) ? byTable : "-";
            case TaskCommand.RecordNotFound c when current?.Id == c.AttemptId && byTable != "-":
                return c.Now < current.SendBy ? "-" : task.CancelRequested ? "Ready" : c.SendBy > current.SendBy ? byTable : "-";
            case TaskCommand.RequestCancel when task.CancelRequested && phase != "Ended":
                return "-";
            case TaskCommand.RecordCancelDeclined when task.CancelDeclined:
                return "-";
            case TaskCommand.EraseMedia when task.MediaDeletedAt is not null:
                return "-";
            case TaskCommand.EraseMedia or TaskCommand.RecordInputs or TaskCommand.RequestCancel or TaskCommand.Complete or TaskCommand.Fail or TaskCommand.Cancel:
                return byTable;
            default:
                return current?.Id == AttemptOf(command) ? byTable : "-";
        }
    }

    private static string AttemptOf(TaskCommand command) => command switch
    {
        TaskCommand.RecordAccepted c => c.AttemptId,
        TaskCommand.RecordRefused c => c.AttemptId,
        TaskCommand.RecordUnclear c => c.AttemptId,
        TaskCommand.RecordNotFound c => c.AttemptId,
        TaskCommand.RecordOutput c => c.AttemptId,
        TaskCommand.RecordAttemptFailed c => c.AttemptId,
        TaskCommand.RecordCancelDeclined c => c.AttemptId,
        _ => throw new InvalidOperationException("Names no attempt."),
    };

    private TaskCommand Command(TaskRunStep step)
    {
        var attempt = step.Name < 7 && !_task.Attempts.IsEmpty ? _task.Attempts[^1].Id : $"a{step.Name}";
        return step.Command switch
        {
            "RecordInputs" => RecordInputs(_now),
            "StartAttempt" => StartAttempt(step.Name < 7 ? $"a{_started.Count + 10}" : $"a{step.Name}", _now),
            "RecordAccepted" => RecordAccepted(attempt, _now),
            "RecordRefused" => RecordRefused(attempt, _now),
            "RecordUnclear" => RecordUnclear(attempt, _now),
            "RecordNotFound" => RecordNotFound(attempt, _now),
            "RecordOutput" => RecordOutput(attempt, _now),
            "RecordAttemptFailed" => RecordAttemptFailed(attempt, _now),
            "RecordNoOutput" => RecordNoOutput(attempt, _now),
            "RequestCancel" => RequestCancel(_now),
            "RecordCancelDeclined" => RecordCancelDeclined(attempt, _now),
            "Complete" => Complete(_now, step.Name * 0.9m),
            "Fail" => Fail(_now),
            "CancelUnstopped" => Cancel(upstreamStopped: false, _now),
            "CancelStopped" => Cancel(upstreamStopped: true, _now),
            "EraseMedia" => EraseMedia(_now),
            _ => throw new InvalidOperationException("Not a command."),
        };
    }
}
