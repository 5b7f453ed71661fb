using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;

namespace Platform.Grains.Tenants;

/// <summary>How tasks and batches are accepted: each wish once, however often it is sent.</summary>
internal sealed partial class TenantGrain
{
    public async Task<AcceptReply> Accept(AcceptTask command)
    {
        if (command.IdempotencyKey is { } key)
        {
            // One body per idempotency key at a time: the second waits for the first one's commit and replays it.
            using var turn = await _turns.EnterAsync("key:" + key, options.Value.DuplicatePatience, time);
            return turn is null ? new() { Outcome = AcceptOutcome.InProgress } : await AcceptAsync(command);
        }

        if (command.BodyDigest is not { } digest)
        {
            return await AcceptAsync(command);
        }

        return await OnceAsync(
            command.TaskId.Value,
            new(command.ApiKeyId, digest),
            command.AskedBy,
            () => AcceptAsync(command),
            reply => reply.Outcome == AcceptOutcome.Accepted,
            earlier => new() { Outcome = AcceptOutcome.Replayed, TaskId = new(earlier), ByBody = true });
    }

    public async Task<AcceptBatchReply> AcceptBatch(AcceptBatch command)
    {
        if (command.IdempotencyKey is { } key)
        {
            using var turn = await _turns.EnterAsync("key:" + key, options.Value.DuplicatePatience, time);
            return turn is null ? new() { Outcome = AcceptBatchOutcome.InProgress } : await AcceptBatchAsync(command);
        }

        return await OnceAsync(
            command.BatchId,
            new(command.ApiKeyId, command.BodyDigest),
            command.AskedBy,
            () => AcceptBatchAsync(command),
            reply => reply.Items.Any(i => i?.Outcome == AcceptOutcome.Accepted) && reply.Outcome == AcceptBatchOutcome.Accepted
                || reply.Outcome == AcceptBatchOutcome.AlreadyAccepted,
            earlier => new()
            {
                Outcome = AcceptBatchOutcome.Replayed,
                AnswerKey = Contracts.AcceptBatch.AnswerKeyOf(earlier),
                ByBody = true,
            });
    }

    public Task Report(AnswerReport report)
    {
        foreach (var subject in report.Answered)
        {
            _answers.Answered(subject);
        }

        foreach (var subject in report.Lost)
        {
            _answers.Lost(subject);
        }

        return Task.CompletedTask;
    }

    /// <summary>Carries a request without a key out, unless it is one that was sent before and whose answer may have been lost.</summary>
    private async Task<TReply> OnceAsync<TReply>(
        string subject, RequestBody body, string? askedBy, Func<Task<TReply>> act, Func<TReply, bool> isAccepted, Func<string, TReply> replay)
    {
        var asked = _answers.Ask(subject, body, askedBy, _commits.Committed.Version);
        var accepted = false;
        try
        {
            while (_answers.FindEarlier(asked) is { } earlier)
            {
                if (await earlier.Outcome)
                {
                    return replay(earlier.Subject);
                }
            }

            var reply = await act();
            accepted = isAccepted(reply);
            return reply;
        }
        finally
        {
            _answers.Conclude(asked, accepted);
        }
    }

    private async Task<AcceptReply> AcceptAsync(AcceptTask command)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await FindEarlierAsync(command, mayBeCommitted: round > 0) is { } earlier)
            {
                return earlier;
            }

            var operation = new AcceptOperation(Admit(command), Limits);
            if (await _commits.ExecuteAsync(operation) is { } reply)
            {
                if (reply.Outcome != AcceptOutcome.Accepted)
                {
                    // A command that was accepted before, and whose reply was lost, is never refused: not for want of the credits that
                    // it took itself, nor because prices, routes or places have changed since.
                    return await FindAcceptedAsync(command.TaskId) ?? reply;
                }

                faults.Reach(FaultPoint.Accepted);
                return reply;
            }
        }

        throw new InvalidOperationException($"Task {command.TaskId} can neither be accepted nor found.");
    }

    private async Task<AcceptBatchReply> AcceptBatchAsync(AcceptBatch command)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if ((command.IdempotencyKey is not null || round > 0) && await FindEarlierAsync(command) is { } earlier)
            {
                return earlier;
            }

            ImmutableArray<Admission?> admissions = [.. command.Items.Select(i => i.Task is { } task ? Admit(task) : null)];
            if (await _commits.ExecuteAsync(new AcceptBatchOperation(command, admissions, Limits)) is { } reply)
            {
                if (reply.Items.All(i => i?.Outcome != AcceptOutcome.Accepted) || reply.Outcome == AcceptBatchOutcome.Refused)
                {
                    // As with a single task: what was accepted before is never refused.
                    return await FindEarlierAsync(command) ?? reply;
                }

                faults.Reach(FaultPoint.Accepted);
                return reply;
            }
        }

        throw new InvalidOperationException($"Batch {command.BatchId} can neither be accepted nor found.");
    }

    /// <summary>Prices a request and looks whether any route could ever serve it.</summary>
    private Admission Admit(AcceptTask command)
    {
        var model = catalog.FindModel(command.Request.Model)
            ?? throw new InvalidOperationException($"Model {command.Request.Model} was not validated.");
        var price = command.Terms?.Quote?.Price ?? PriceSnapshot.Of(
            model.PriceAt(time.GetUtcNow()),
            command.Request.Quality,
            _tenant.Group,
            catalog.GroupMultiplier(_tenant.Group, model.Id));
        var choice = Router.Choose(
            routes.Routes,
            new(model.Id, command.Request.Quality, price.UnitPriceUsd, _mayUseSandbox, _tenant.Id.IsTestWorkspace)
            {
                At = time.GetUtcNow(),
                Regions = routes.RegionsOf(_tenant.Id.Owner),
            });
        if (!choice.MayServe)
        {
            LogNoRoute(logger, _tenant.Id, model.Id, string.Join("; ", choice.Rejections.Select(r => $"{r.RouteId}: {r.Reason}")));
        }

        return new(command, _tenant with { MayUseSandbox = _mayUseSandbox }, model, price, choice.MayServe, options.Value.TaskLease);
    }

    /// <summary>The answer to a command whose key was used, or which was committed before, or null.</summary>
    private async Task<AcceptReply?> FindEarlierAsync(AcceptTask command, bool mayBeCommitted)
    {
        if (command.IdempotencyKey is { } key
            && await FindKeyAsync(key) is { } record
            && (record.TaskId != command.TaskId || record.Batch is not null))
        {
            return record.Batch is null && string.Equals(record.BodyDigest, command.BodyDigest, StringComparison.Ordinal)
                ? new() { Outcome = AcceptOutcome.Replayed, TaskId = record.TaskId }
                : new() { Outcome = AcceptOutcome.IdempotencyConflict };
        }

        // Only a repeated command can have been committed before; the account or a lost fence says so, and the first round need not look.
        return mayBeCommitted ? await FindAcceptedAsync(command.TaskId) : null;
    }

    private async Task<AcceptBatchReply?> FindEarlierAsync(AcceptBatch command)
    {
        if (await FindKeyAsync(command.AnswerKey) is not { } record)
        {
            return null;
        }

        if (string.Equals(record.Batch?.BatchId, command.BatchId, StringComparison.Ordinal))
        {
            return new() { Outcome = AcceptBatchOutcome.AlreadyAccepted, AnswerKey = record.Key };
        }

        return record.Batch is not null && string.Equals(record.BodyDigest, command.BodyDigest, StringComparison.Ordinal)
            ? new() { Outcome = AcceptBatchOutcome.Replayed, AnswerKey = record.Key }
            : new() { Outcome = AcceptBatchOutcome.IdempotencyConflict };
    }

    private Task<IdempotencyRecord?> FindKeyAsync(string key) =>
        tasks.FindIdempotencyKeyAsync(_tenant.Id, key, time.GetUtcNow() - IdempotencyRecord.Retention, CancellationToken.None);

    private async Task<AcceptReply?> FindAcceptedAsync(TaskId id) => await tasks.FindAsync(_tenant.Id, id, CancellationToken.None) is { } task
        ? new()
        {
            Outcome = AcceptOutcome.Accepted,
            TaskId = task.Id,
            CreatedAt = task.CreatedAt,
            Credits = task.CreditsReserved,
            UserGroup = task.Price.UserGroup,
        }
        : null;

    private async Task LoadUnansweredAsync(Account account, CancellationToken cancellationToken)
    {
        var isWindowOpen = options.Value.BodyReplayWindow > TimeSpan.Zero;
        if (!isWindowOpen && account.AnsweredThrough >= account.Version)
        {
            return;
        }

        var window = isWindowOpen && options.Value.BodyReplayWindow > _answers.Window ? options.Value.BodyReplayWindow : _answers.Window;
        var unanswered = await tasks.ListUnansweredAsync(
            account.Tenant, isWindowOpen ? 0 : account.AnsweredThrough, time.GetUtcNow() - window, MaxUnanswered, cancellationToken);
        _answers.Load(unanswered.Reverse());
    }
}
