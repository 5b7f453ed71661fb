using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;

namespace Platform.Grains.Tasks;

/// <content>Which route is tried, and what the accounts are told of it.</content>
internal sealed partial class TaskGrain
{
    private const int AttemptIdLength = 20;

    private static readonly TimeSpan RouteRetry = TimeSpan.FromSeconds(5);

    // A task that waits for a slot is called; it asks by itself as well, in case that the call was lost.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    // A slot that was given away twice: the account reads what is committed, and gives another.
    private static readonly TimeSpan SlotRetry = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _waitsAt = new(StringComparer.Ordinal);
    private int _routeTries;

    private async Task<TimeSpan> SubmitAsync(TaskStep.Submit step)
    {
        if (step.NotBefore > time.GetUtcNow())
        {
            return step.NotBefore - time.GetUtcNow();
        }

        var task = Current;
        var choice = Router.Choose(routes.Routes, Demand(task), task.Attempts);
        if (!choice.MayServe)
        {
            return await FailUnservedAsync(task);
        }

        var attemptId = $"att_{ids.Next(AttemptIdLength)}";
        var place = await FindPlaceAsync(task, choice, attemptId);
        if (place.Route is not { } route || upstreams.Find(route.Upstream) is not { } upstream)
        {
            if (Current.IsTerminal)
            {
                // It has ended while it asked.
                LeaveQueues();
            }

            return _waitsAt.Count > 0 ? AskAgain : Backoff.Pause(_routeTries++, RouteRetry, LongestPause, random.NextDouble());
        }

        await ApplyAsync((_, now) =>
            new TaskCommand.StartAttempt(attemptId, route, place.Rejections, now + upstream.Capabilities.SendWindow, place.Slot) { Now = now });

        // The id is this activation's own: whatever the answer of the commit was, the attempt is there or it is not.
        if (Current.Phase is TaskPhase.Submitting && Current.CurrentAttempt is { } attempt && attempt.Id == attemptId)
        {
            _routeTries = 0;
            LeaveQueues(but: route.AccountKey);
            faults.Reach(FaultPoint.BeforeSubmit);
            await SendAsync(upstream, attempt);
            return GoOn;
        }

        Account(route.AccountKey).Report(new()
        {
            Task = Self,
            AttemptId = attemptId,
            RouteId = route.Id,
            News = AttemptNews.Nothing,
            FreesSlot = true,
            SlotWasTaken = place.Slot is not null,
        }).Ignore();
        return Current.Version == task.Version ? SlotRetry : GoOn;
    }

    /// <summary>The cheapest route whose account lets the task in, the slot to take there, and why the others were left out.</summary>
    private async Task<(Route? Route, int? Slot, ImmutableArray<RouteRejection> Rejections)> FindPlaceAsync(
        GenerationTask task, RouteChoice choice, string attemptId)
    {
        var rejections = choice.Rejections.ToBuilder();
        foreach (var route in choice.Candidates)
        {
            if (upstreams.Find(route.Upstream) is null)
            {
                rejections.Add(new(route.Id, $"the upstream {route.Upstream} is not configured", MayPass: true));
                continue;
            }

            switch (await AdmitAsync(route, attemptId))
            {
                case { Outcome: AdmitOutcome.Admitted } admitted:
                    return (route, admitted.Slot, rejections.ToImmutable());
                case { Outcome: AdmitOutcome.NoSlot } full:
                    _waitsAt.Add(route.AccountKey);
                    rejections.Add(new(route.Id, full.Reason ?? "no slot is free", MayPass: true));
                    break;
                case var refused:
                    _waitsAt.Remove(route.AccountKey);
                    rejections.Add(new(route.Id, refused.Reason ?? "out of service", MayPass: true));
                    break;
            }

            if (!ReferenceEquals(task, Current))
            {
                // It has moved meanwhile, for example by a cancel: what is next is decided anew.
                break;
            }
        }

        return (null, null, rejections.ToImmutable());
    }

    private async Task<AdmitReply> AdmitAsync(Route route, string attemptId)
    {
        try
        {
            return await Account(route.AccountKey).Admit(new() { Task = Self, AttemptId = attemptId, RouteId = route.Id });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Its silo has just died, or the store cannot be read: another route may serve meanwhile.
            LogAccountUnreachable(logger, error, route.AccountKey);
            return new() { Outcome = AdmitOutcome.OutOfService, Reason = $"{route.AccountKey} could not be asked" };
        }
    }

    private async Task<TimeSpan> FailUnservedAsync(GenerationTask task)
    {
        var last = task.Attempts.LastOrDefault(a => a.Error is not null);
        return last?.Error is { } error
            ? await FailAsync(error, TaskErrorText.Of(error), last.Fault)
            : await FailAsync(
                TaskErrorCode.ServiceUnavailable, TaskErrorText.Of(TaskErrorCode.ServiceUnavailable), task.Attempts.LastOrDefault()?.Fault);
    }

    /// <summary>
    /// How long to wait after an upstream was busy: not at all where a route is left that was not busy yet; else as long as it asks for,
    /// within bounds, for it may ask for anything.
    /// </summary>
    private TimeSpan BusyPause(Attempt attempt, TimeSpan? asked)
    {
        var task = Current;
        var busy = task.Attempts.Select(a => a.Id == attempt.Id ? a with { Ending = AttemptEnding.Busy } : a);
        var next = Router.Choose(routes.Routes, Demand(task), [.. busy]).Best;
        if (next is not null && !task.Attempts.Any(a => a.RouteId == next.Id))
        {
            return TimeSpan.Zero;
        }

        var wait = asked ?? Pause(task.Attempts.Count(a => a.Ending == AttemptEnding.Busy));
        return wait < FirstPause ? FirstPause : wait > LongestBusy ? LongestBusy : wait;
    }

    /// <summary>Tells the account how an attempt went.</summary>
    private void Tell(Attempt attempt, AttemptNews news, UpstreamFault? fault = null) =>
        Account(ProviderAccount.Key(attempt.Upstream, attempt.Account))
            .Report(new() { Task = Self, AttemptId = attempt.Id, RouteId = attempt.RouteId, News = news, Fault = fault })
            .Ignore();

    /// <summary>Tells the account that a slot is free, where what is committed now says so and what was committed before did not.</summary>
    private void TellIfFreed(GenerationTask? before, GenerationTask after)
    {
        if (before?.OccupiedSlot is { } slot && before.CurrentAttempt is { } attempt
            && (after.OccupiedSlot is null || after.CurrentAttempt?.Id != attempt.Id))
        {
            Account(slot.Account)
                .Report(new() { Task = Self, AttemptId = attempt.Id, RouteId = attempt.RouteId, FreesSlot = true })
                .Ignore();
        }
    }

    /// <summary>It waits nowhere any more, but for the account that has let it in.</summary>
    private void LeaveQueues(string? but = null)
    {
        foreach (var account in _waitsAt)
        {
            if (!string.Equals(account, but, StringComparison.Ordinal))
            {
                Account(account).Withdraw(Self).Ignore();
            }
        }

        _waitsAt.Clear();
    }

    private TaskRef Self => new() { Tenant = _key.Tenant, Id = _key.Id };

    private IUpstreamAccountGrain Account(string key) => GrainFactory.GetGrain<IUpstreamAccountGrain>(key);

    private RouteDemand Demand(GenerationTask task) =>
        new(task.Request.Model, task.Request.Quality, task.Price.UnitPriceUsd, task.MayUseSandbox, task.Tenant.IsTestWorkspace)
        {
            At = time.GetUtcNow(),
            Regions = routes.RegionsOf(task.Tenant.Owner),
        };
}
