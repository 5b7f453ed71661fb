using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>Ends a task: terminal state, settlement, resolution and outbox message in one commit.</summary>
internal sealed class ResolveOperation(
    ResolveTask command,
    GenerationTask found,
    AdmissionLimits limits,
    IIdSource ids,
    ITaskStore tasks) : AccountOperation<ResolveReply>
{
    private const int MessageIdLength = 24;

    private readonly string _messageId = $"msg_{ids.Next(MessageIdLength)}";
    private GenerationTask _task = found;

    public override OperationPlan Plan(Account account, DateTimeOffset now)
    {
        if (_task.IsTerminal)
        {
            return Answer(With(EndedAs(_task, command.End) ? ResolveOutcome.Resolved : ResolveOutcome.AlreadyEnded));
        }

        if (_task.Version != command.TaskVersion)
        {
            return Answer(With(ResolveOutcome.Stale));
        }

        var end = TaskDecider.Decide(_task, Command(now));
        if (end.Refusal is not null || end.Events.IsEmpty)
        {
            return Answer(With(ResolveOutcome.Stale));
        }

        var ended = TaskDecider.Apply(_task, end.Events);
        var completed = (ended.Phase as TaskPhase.Ended)?.Outcome as TaskOutcome.Completed;
        var settle = completed?.CreditsUsed ?? CreditAmount.Zero;
        var money = AccountDecider.Decide(account, new AccountCommand.Resolve
        {
            TaskId = command.TaskId,
            Settle = settle,
            Limits = limits,
            Now = now,
        });

        switch (money.Refusal)
        {
            case AccountRefusal.NoOpenHold:
                // Another end of this task is in a group ahead; this reply waits for it.
                return Answer(With(ResolveOutcome.AlreadyEnded));
            case { } refusal:
                throw new InvalidOperationException($"The account refused to resolve {command.TaskId} with {settle}: {refusal}");
            case null:
                break;
        }

        Prepare(With(ResolveOutcome.Resolved));
        var resolution = new TaskResolution(
            command.TaskId, ended.Status, settle, _task.CreditsReserved - settle, completed?.BilledSeconds ?? 0, now);
        var message = new OutboxMessage(_messageId, command.TaskId, OutboxMessage.EventTypeOf(ended.Status), now);
        var version = _task.Version;
        return new(money.Events, (unit, _) => unit.Resolve(new(ended, version, end.Events, resolution, message)));
    }

    public override async Task RefreshAsync() =>
        _task = await tasks.FindAsync(_task.Tenant, _task.Id, CancellationToken.None)
            ?? throw new InvalidOperationException($"Task {_task.Id} is gone.");

    public override bool ConcludeLost(CommitOutcome.Lost lost) =>
        lost.Fence == Fence.TaskVersion
        && string.Equals(lost.Subject, command.TaskId.Value, StringComparison.Ordinal)
        && Conclude(With(ResolveOutcome.Stale));

    private static bool EndedAs(GenerationTask task, TaskEnd end) => (task.Status, end) is
        (GenerationStatus.Completed, TaskEnd.Complete) or
        (GenerationStatus.Failed, TaskEnd.Fail) or
        (GenerationStatus.Cancelled, TaskEnd.Cancel);

    private static ResolveReply With(ResolveOutcome outcome) => new() { Outcome = outcome };

    private TaskCommand Command(DateTimeOffset now) => command.End switch
    {
        TaskEnd.Complete => new TaskCommand.Complete(
            command.Result ?? throw new InvalidOperationException("A completion names its result."))
        { Now = now },
        TaskEnd.Fail => new TaskCommand.Fail(
            command.Error ?? throw new InvalidOperationException("A failure names its error."), command.Fault)
        { Now = now },
        TaskEnd.Cancel => new TaskCommand.Cancel(command.UpstreamStopped) { Now = now },
        _ => throw new InvalidOperationException($"Unknown end {command.End}."),
    };
}
