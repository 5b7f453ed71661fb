using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;
using Platform.Simulation.Checks;

namespace Platform.Simulation.People;

/// <summary>What callers were told. It has to be true, and to stay so.</summary>
internal sealed class Promises(World world)
{
    private readonly Dictionary<(TenantId, string), (TaskId Task, string Digest)> _keys = [];
    private readonly Dictionary<(TenantId, string), GrantCredits> _grants = [];

    public void Accepted(TenantId tenant, AcceptTask command, AcceptReply reply, long commitsBefore)
    {
        world.Coverage.Happened($"accept answered: {reply.Outcome}");
        switch (reply.Outcome)
        {
            case AcceptOutcome.Accepted or AcceptOutcome.Replayed:
                var task = reply.TaskId!.Value;
                world.Require(
                    Invariant.RepeatsGiveTheSameAnswer,
                    world.Books.Find(new(tenant, task)) is not null,
                    () => $"{tenant} was told of {task}, which is not there");
                if (command.IdempotencyKey is { } key)
                {
                    var first = _keys.TryAdd((tenant, key), (task, command.BodyDigest!)) ? (task, command.BodyDigest!) : _keys[(tenant, key)];
                    world.Require(
                        Invariant.RepeatsGiveTheSameAnswer,
                        first == (task, command.BodyDigest!),
                        () => $"key {key} of {tenant} was answered with {first} and with {task} for {command.BodyDigest}");
                }

                break;
            case AcceptOutcome.IdempotencyConflict:
                break;
            default:
                world.Require(
                    Invariant.RepeatsGiveTheSameAnswer,
                    !world.Books.WasAcceptedBy(new(tenant, command.TaskId), commitsBefore),
                    () => $"{command.TaskId} had been accepted when it was sent again, and was answered {reply.Outcome}");
                break;
        }
    }

    public void Granted(TenantId tenant, GrantCredits command, BookReply reply)
    {
        world.Coverage.Happened($"grant answered: {reply.Outcome}");
        var entry = Surroundings.StoreConnection.Now(
            world.Memory.FindEntryAsync(tenant, LedgerEntryKind.Grant, command.GrantId, CancellationToken.None));
        var first = _grants.GetValueOrDefault((tenant, command.GrantId), command);
        if (reply.Outcome == BookOutcome.Booked)
        {
            _grants.TryAdd((tenant, command.GrantId), command);
            world.Require(
                Invariant.RepeatsGiveTheSameAnswer,
                entry?.Postings.Available == command.Amount && first == command,
                () => $"{command} was booked as {entry} after {first}");
        }

        world.Require(
            Invariant.RepeatsGiveTheSameAnswer,
            reply.Outcome != BookOutcome.Conflict
                || (entry is not null && (entry.Postings.Available != command.Amount || entry.ExpiresAt != command.ExpiresAt)),
            () => $"{command} was called a conflict; booked is {entry}");
    }

    public void Cancelled(TaskKey key, CancelReply reply, long commitsBefore)
    {
        world.Coverage.Happened($"cancel answered: {reply.Outcome}");
        var task = world.Books.Find(key);
        world.Require(
            Invariant.RepeatsGiveTheSameAnswer,
            reply.Outcome switch
            {
                TaskCancelOutcome.Cancelled => task?.Status == GenerationStatus.Cancelled,
                TaskCancelOutcome.NotFound => !world.Books.WasAcceptedBy(key, commitsBefore),
                _ => task is not null,
            },
            () => $"the cancel of {key.Id} was answered {reply.Outcome}; it is {task?.Status}");
    }

    /// <summary>
    /// A balance must be what the ledger made at some moment: an activation may not know yet what another one committed. From an
    /// activation that has just started, at rest, it must be what the ledger makes now.
    /// </summary>
    public void Balanced(TenantId tenant, Balance balance, bool atRest)
    {
        var entries = Surroundings.StoreConnection.Now(world.Memory.ListEntriesAsync(tenant, null, 1000, CancellationToken.None));
        var moments = new List<(CreditAmount Held, decimal Settled)> { (CreditAmount.Zero, 0m) };
        foreach (var entry in entries.Reverse())
        {
            moments.Add((entry.HeldAfter, moments[^1].Settled + entry.Postings.Revenue.Value));
        }

        var said = (balance.Held, balance.Settled.Value);
        world.Require(
            Invariant.RecountEqualsState,
            atRest ? moments[^1] == said : moments.Contains(said),
            () => $"{tenant} says {balance}; the ledger ends with {(entries.Count > 0 ? entries[0] : null)}");
        if (atRest)
        {
            var now = Kernel.Timeline.Start + world.Timeline.Now;
            var lapsed = world.Books.Load(tenant).Lots.Where(l => l.ExpiresAt <= now).Sum(l => l.Remaining.Value);
            var available = entries.Count > 0 ? entries[0].AvailableAfter.Value - lapsed : 0;
            world.Require(Invariant.RecountEqualsState, balance.Available.Value == available, () => $"{tenant} says {balance}; available are {available}");
        }
    }
}
