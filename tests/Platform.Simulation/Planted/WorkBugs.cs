using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Simulation.Planted;

/// <summary>An unclear outcome is taken for a refusal, and the next route is tried.</summary>
internal sealed class DoubtTakenForRefusal : PlantedBug
{
    public override IUpstream Wrap(IUpstream upstream) => new Hasty(upstream);

    private sealed class Hasty(IUpstream inner) : ChangedUpstream(inner)
    {
        public override async Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
        {
            try
            {
                var outcome = await base.SubmitAsync(request, cancellationToken);
                return outcome is SubmitOutcome.Unclear unclear ? new SubmitOutcome.RefusedHere(unclear.Fault) : outcome;
            }
            catch (HttpRequestException)
            {
                return new SubmitOutcome.RefusedHere(new("network", "planted"));
            }
        }
    }
}

/// <summary>A job is sent again without asking whether it is there.</summary>
internal sealed class ResentWithoutLookUp : PlantedBug
{
    public override IUpstream Wrap(IUpstream upstream) => new Blind(upstream);

    private sealed class Blind(IUpstream inner) : ChangedUpstream(inner)
    {
        public override Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken) =>
            Task.FromResult<LookupOutcome>(new LookupOutcome.NotFound());
    }
}

/// <summary>A request is sent although its attempt was not committed.</summary>
internal sealed class SentBeforeCommit : PlantedBug
{
    public override ITaskStore Wrap(ITaskStore store) => new Boastful(store);

    private sealed class Boastful(ITaskStore inner) : ChangedTasks(inner)
    {
        public override Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) =>
            unit.Events.Any(e => e is TaskEvent.AttemptStarted)
                ? Task.FromResult<CommitOutcome>(new CommitOutcome.Committed())
                : base.CommitAsync(unit, cancellationToken);
    }
}

/// <summary>Nobody looks after what a dead silo left.</summary>
internal sealed class SweeperAsleep : PlantedBug
{
    public override ITaskStore Wrap(ITaskStore store) => new Asleep(store);

    private sealed class Asleep(ITaskStore inner) : ChangedTasks(inner)
    {
        public override Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
            int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<TaskKey>>([]);
    }
}

/// <summary>A connection to a provider of which one thing is wrong.</summary>
internal class ChangedUpstream(IUpstream inner) : IUpstream
{
    public string Kind => inner.Kind;

    public UpstreamCapabilities Capabilities => inner.Capabilities;

    public virtual Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken) =>
        inner.SubmitAsync(request, cancellationToken);

    public virtual Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken) =>
        inner.QueryAsync(account, upstreamTaskId, cancellationToken);

    public virtual Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken) =>
        inner.CancelAsync(account, upstreamTaskId, cancellationToken);

    public virtual Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken) =>
        inner.FindByReferenceAsync(account, reference, cancellationToken);
}
