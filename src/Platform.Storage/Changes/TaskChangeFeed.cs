using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Changes;

/// <summary>Passes changes on to listeners in this process. A listener that does not keep up is ended, never waited for.</summary>
internal sealed class TaskChangeFeed : ITaskChanges
{
    // What a listener may be behind: a burst of a tenant's whole queue.
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<TenantId, ImmutableArray<Channel<TaskChange>>> _listeners = new();

    /// <summary>Tells of a unit, if it was committed.</summary>
    public void Publish(AccountUnit unit, CommitOutcome outcome)
    {
        if (outcome is not CommitOutcome.Committed)
        {
            return;
        }

        foreach (var accepted in unit.Accepted)
        {
            Publish(unit.Tenant, new(accepted.Task.Id, accepted.Task.Version));
        }

        foreach (var resolved in unit.Resolved)
        {
            Publish(unit.Tenant, new(resolved.Task.Id, resolved.Task.Version));
        }
    }

    /// <summary>Tells of a step, if it was committed.</summary>
    public void Publish(TaskUnit unit, CommitOutcome outcome)
    {
        if (outcome is CommitOutcome.Committed)
        {
            Publish(unit.Task.Tenant, new(unit.Task.Id, unit.Task.Version));
        }
    }

    /// <summary>Tells of a change. Costs one look where nobody listens.</summary>
    public void Publish(TenantId tenant, TaskChange change)
    {
        if (!_listeners.TryGetValue(tenant, out var listeners))
        {
            return;
        }

        foreach (var listener in listeners)
        {
            if (!listener.Writer.TryWrite(change))
            {
                listener.Writer.TryComplete();
            }
        }
    }

    /// <summary>Ends all listeners: changes may have been missed, so that they have to look and listen anew.</summary>
    public void EndAll()
    {
        foreach (var listener in _listeners.Values.SelectMany(l => l))
        {
            listener.Writer.TryComplete();
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskChange> ListenAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        // Registered at the call, not at the first read: nothing that is committed from here on is missed.
        var channel = Channel.CreateBounded<TaskChange>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        _listeners.AddOrUpdate(tenant, _ => [channel], (_, present) => present.Add(channel));
        return ReadAsync(tenant, channel, cancellationToken);
    }

    private async IAsyncEnumerable<TaskChange> ReadAsync(
        TenantId tenant, Channel<TaskChange> channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            Remove(tenant, channel);
        }
    }

    private void Remove(TenantId tenant, Channel<TaskChange> channel)
    {
        while (_listeners.TryGetValue(tenant, out var present))
        {
            var rest = present.Remove(channel);
            if (rest.IsEmpty
                ? _listeners.TryRemove(new(tenant, present))
                : _listeners.TryUpdate(tenant, rest, present))
            {
                return;
            }
        }
    }
}
