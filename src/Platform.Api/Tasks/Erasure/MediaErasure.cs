using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Tasks.Erasure;

/// <summary>What became of an erasure.</summary>
internal abstract record ErasureOutcome
{
    private ErasureOutcome()
    {
    }

    /// <summary>The bytes are gone.</summary>
    public sealed record Erased(GenerationTask Task) : ErasureOutcome;

    /// <summary>The tenant has no such task.</summary>
    public sealed record NotFound : ErasureOutcome;

    /// <summary>The task has not ended.</summary>
    public sealed record NotEnded(string Reason) : ErasureOutcome;

    /// <summary>Others kept changing the task; nothing was done.</summary>
    public sealed record Contended : ErasureOutcome;
}

/// <summary>
/// Erases the bytes of a task that has ended. That they are to go is committed first, so that nobody is given a link to bytes that may
/// be gone; a process that dies in between leaves bytes that no link leads to, and the same call again deletes them.
/// </summary>
internal sealed class MediaErasure(ITaskStore tasks, IBlobStore blobs, TimeProvider time)
{
    // A task that has ended is changed by late answers only, of which there are no more than attempts.
    private const int MaxTries = 8;

    public async Task<ErasureOutcome> EraseAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await tasks.FindAsync(tenant, id, cancellationToken) is not { } task)
            {
                return new ErasureOutcome.NotFound();
            }

            var decision = TaskDecider.Decide(task, new TaskCommand.EraseMedia { Now = time.GetUtcNow() });
            if (decision.Refusal is { } refusal)
            {
                return new ErasureOutcome.NotEnded(refusal is TaskRefusal.OutOfPlace o ? o.Reason : "The task does not take this.");
            }

            var erased = TaskDecider.Apply(task, decision.Events);
            if (decision.Events.IsEmpty
                || await tasks.CommitAsync(new(erased, task.Version, decision.Events, DueAt: null), CancellationToken.None) is CommitOutcome.Committed)
            {
                await DeleteBytesAsync(erased);
                return new ErasureOutcome.Erased(erased);
            }
        }

        return new ErasureOutcome.Contended();
    }

    // Once begun it is not given up because the caller has gone.
    private async Task DeleteBytesAsync(GenerationTask task)
    {
        foreach (var key in task.MediaKeys)
        {
            await blobs.DeleteAsync(key, CancellationToken.None);
        }
    }
}
