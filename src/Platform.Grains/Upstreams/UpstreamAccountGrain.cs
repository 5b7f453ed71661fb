using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Grains.Upstreams;

/// <summary>
/// The shell around a provider account's rules: <see cref="SlotPool"/>, <see cref="RouteBreaker"/>, <see cref="AccountOutage"/>. It keeps
/// them in memory: after a restart it reads the slots and the operator's switches, and learns the rest from the next attempts.
/// </summary>
[Reentrant]
internal sealed partial class UpstreamAccountGrain(
    IUpstreamBooks books,
    IRouteTable table,
    IUpstreamAccounts accounts,
    TimeProvider time,
    UpstreamMetrics metrics,
    ILogger<UpstreamAccountGrain> logger) : Grain, IUpstreamAccountGrain
{
    private const int KeptErrors = 20;

    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromSeconds(5);
    private static readonly BreakerRules Rules = new();

    private readonly Dictionary<string, RouteBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RouteState> _switches = new(StringComparer.Ordinal);
    private readonly Queue<UpstreamErrorView> _errors = new();
    private string _account = "";
    private SlotPool _slots = new(null);
    private AccountOutage? _outage;
    private bool _reconciling;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = this.GetPrimaryKeyString();
        _slots = new(LimitOfSlots());
        foreach (var set in await books.ListSwitchesAsync(_account, cancellationToken))
        {
            _switches[set.RouteId ?? ""] = set.State;
        }

        await ReconcileAsync();
        this.RegisterGrainTimer(ReconcileWhileNeededAsync, new GrainTimerCreationOptions
        {
            DueTime = ReconcileInterval,
            Period = ReconcileInterval,
            Interleave = true,
        });
    }

    public Task<AdmitReply> Admit(AdmitAttempt ask)
    {
        var now = time.GetUtcNow();
        var task = Key(ask.Task);
        _slots.Resize(LimitOfSlots());
        var breaker = Breaker(ask.RouteId);
        if (OutOfService(ask.RouteId, breaker, now) is { } reason)
        {
            _slots.Withdraw(task);
            CallWaiters(now);
            return Task.FromResult(new AdmitReply { Outcome = AdmitOutcome.OutOfService, Reason = reason });
        }

        var answer = _slots.Ask(task, ask.AttemptId, now);
        CallWaiters(now);
        if (answer is not SlotAnswer.Granted granted)
        {
            return Task.FromResult(new AdmitReply
            {
                Outcome = AdmitOutcome.NoSlot,
                Reason = $"all {_slots.Limit} slots of {_account} are taken",
            });
        }

        _breakers[ask.RouteId] = breaker.Let(ask.AttemptId, now);
        _outage = _outage?.Let(ask.AttemptId, now);
        return Task.FromResult(new AdmitReply { Outcome = AdmitOutcome.Admitted, Slot = granted.Number });
    }

    public async Task Report(AttemptReport report)
    {
        var now = time.GetUtcNow();
        if (report.Fault is { } fault)
        {
            Keep(new() { At = now, RouteId = report.RouteId, Fault = fault });
        }

        if (report.News is not null)
        {
            Judge(report, now);
        }

        if (report.FreesSlot)
        {
            _slots.Free(Key(report.Task), report.AttemptId);
            CallWaiters(now);
        }

        if (report.SlotWasTaken)
        {
            await ReconcileAsync();
        }
    }

    public Task Withdraw(TaskRef task)
    {
        _slots.Withdraw(Key(task));
        CallWaiters(time.GetUtcNow());
        return Task.CompletedTask;
    }

    public async Task<UpstreamAccountView?> Switch(SwitchUpstream set)
    {
        if (set.RouteId is { } route && !OwnRoutes().Any(r => string.Equals(r.Id, route, StringComparison.Ordinal)))
        {
            return null;
        }

        await books.SetSwitchAsync(new(_account, set.RouteId, set.State, time.GetUtcNow()), CancellationToken.None);
        _switches[set.RouteId ?? ""] = set.State;
        LogSwitched(logger, _account, set.RouteId ?? "all routes", set.State);
        if (set.State == RouteState.Enabled)
        {
            Revive(set.RouteId);
        }

        return await View();
    }

    public async Task<UpstreamAccountView> View()
    {
        var now = time.GetUtcNow();
        var rows = await books.ListSlotsAsync(_account, CancellationToken.None);
        return new()
        {
            Account = _account,
            State = Switched("", RouteState.Enabled),
            OutSince = _outage?.Since,
            NextProbeAt = _outage?.NextProbeAt,
            Slots = LimitOfSlots(),
            SlotsUsed = rows.Count,
            Waiting = _slots.Waiting,
            Routes =
            [
                .. OwnRoutes().OrderBy(r => r.Id, StringComparer.Ordinal).Select(r => new RouteView
                {
                    RouteId = r.Id,
                    State = Stricter(r.State, Switched(r.Id, RouteState.Enabled)),
                    Breaker = Breaker(r.Id).StateAt(now),
                    BreakerOpenUntil = Breaker(r.Id).OpenUntil,
                }),
            ],
            LastErrors = [.. _errors.Reverse()],
        };
    }

    private string? OutOfService(string route, RouteBreaker breaker, DateTimeOffset now)
    {
        if (Switched("", RouteState.Enabled) is var account and not RouteState.Enabled)
        {
            return $"{_account} is {Name(account)} by the operator";
        }

        if (Switched(route, RouteState.Enabled) is var state and not RouteState.Enabled)
        {
            return $"{Name(state)} by the operator";
        }

        if (_outage is { } outage && !outage.LetsThrough(now))
        {
            return $"{_account} is out of service since {outage.Since:u} ({outage.Fault.Code})";
        }

        return breaker.LetsThrough(now) ? null
            : breaker.StateAt(now) == BreakerState.Open ? $"its breaker is open until {breaker.OpenUntil:u}"
            : "its breaker is half open, and a probe is on its way";
    }

    /// <summary>What a report says of the account and of the route.</summary>
    private void Judge(AttemptReport report, DateTimeOffset now)
    {
        var before = Breaker(report.RouteId);
        switch (report.News)
        {
            case AttemptNews.AccountDead:
                if (_outage is null)
                {
                    LogOut(logger, _account, report.Fault?.Code ?? "", report.Fault?.Message ?? "");
                    metrics.AccountOut(_account);
                }

                // Only the probe's answer is news of an account that is out already; others were sent before it went.
                if (_outage is null || _outage.IsProbe(report.AttemptId))
                {
                    _outage = AccountOutage.Of(_outage, report.Fault ?? new("", ""), now);
                }

                _breakers[report.RouteId] = before.Forget(report.AttemptId);
                break;
            case AttemptNews.Taken:
                if (_outage?.IsProbe(report.AttemptId) == true)
                {
                    Heal();
                }

                _breakers[report.RouteId] = before.Record(report.AttemptId, isFault: false, now);
                break;
            case AttemptNews.Fault:
                _breakers[report.RouteId] = before.Record(report.AttemptId, isFault: true, now);
                ForgetProbe(report.AttemptId);
                break;
            default:
                _breakers[report.RouteId] = before.Forget(report.AttemptId);
                ForgetProbe(report.AttemptId);
                break;
        }

        var after = _breakers[report.RouteId];
        if (after.Trips > before.Trips)
        {
            LogBreakerOpened(logger, report.RouteId, _account, after.OpenUntil!.Value);
            metrics.BreakerOpened(report.RouteId);
        }
        else if (before.OpenUntil is not null && after.OpenUntil is null)
        {
            LogBreakerClosed(logger, report.RouteId, _account);
        }
    }

    private void ForgetProbe(string attempt)
    {
        if (_outage?.IsProbe(attempt) == true)
        {
            _outage = _outage with { Probe = null };
        }
    }

    private void Heal()
    {
        _outage = null;
        LogBack(logger, _account);
        metrics.AccountBack(_account);
    }

    private void Revive(string? route)
    {
        if (_outage is not null)
        {
            Heal();
        }

        foreach (var id in route is null ? _breakers.Keys.ToList() : [route])
        {
            _breakers.Remove(id);
        }
    }

    private void CallWaiters(DateTimeOffset now)
    {
        foreach (var task in _slots.Call(now))
        {
            // One way, and safe to lose: a task that waits asks again by itself, and its number lapses meanwhile.
            _ = GrainFactory.GetGrain<ITaskGrain>(TaskGrainKey.Format(task.Tenant, task.Id)).Wake();
        }
    }

    // What a dead silo freed, or took, is found in the rows; while nobody waits it can wait as well.
    private Task ReconcileWhileNeededAsync() => _slots.Waiting > 0 || _slots.Used > 0 ? ReconcileAsync() : Task.CompletedTask;

    private async Task ReconcileAsync()
    {
        if (_reconciling || _slots.Limit is null)
        {
            return;
        }

        _reconciling = true;
        try
        {
            var readAt = time.GetUtcNow();
            _slots.Reconcile(await books.ListSlotsAsync(_account, CancellationToken.None), readAt);
            CallWaiters(time.GetUtcNow());
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogReconcileFailed(logger, error, _account);
        }
        finally
        {
            _reconciling = false;
        }
    }

    private void Keep(UpstreamErrorView error)
    {
        _errors.Enqueue(error);
        if (_errors.Count > KeptErrors)
        {
            _errors.Dequeue();
        }
    }

    private RouteBreaker Breaker(string route) => _breakers.GetValueOrDefault(route) ?? RouteBreaker.New(Rules);

    private RouteState Switched(string route, RouteState otherwise) => _switches.TryGetValue(route, out var state) ? state : otherwise;

    private IEnumerable<Route> OwnRoutes() => table.Routes.Where(r => string.Equals(r.AccountKey, _account, StringComparison.Ordinal));

    private int? LimitOfSlots() => accounts.Accounts
        .FirstOrDefault(a => string.Equals(ProviderAccount.Key(a.Kind, a.Name), _account, StringComparison.Ordinal))?.Slots;

    // What the settings take out of service only they bring back.
    private static RouteState Stricter(RouteState one, RouteState other) => one > other ? one : other;

    private static string Name(RouteState state) => state == RouteState.Draining ? "draining" : "disabled";

    private static TaskKey Key(TaskRef task) => new(task.Tenant, task.Id);
}
