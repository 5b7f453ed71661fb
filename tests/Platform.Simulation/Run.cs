using Orleans;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Simulation.Checks;
using Platform.Simulation.Planted;
using Platform.Simulation.Silos;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Commits">Number of commits that changed something.</param>
/// <param name="Tasks">Number of tasks that were accepted.</param>
/// <param name="Fingerprint">The same for every run of the same seed and code.</param>
/// <param name="Broken">What did not hold, or null.</param>
internal sealed record RunResult(ulong Seed, int Steps, long Commits, int Tasks, ulong Fingerprint, InvariantBrokenException? Broken);

/// <summary>
/// One run from one seed. First everything happens at once and anything may fail, step by step; then the faults stop, and all that was
/// accepted has to end. After every step what must hold is checked.
/// </summary>
internal sealed class Run
{
    /// <summary>Steps while anything may fail.</summary>
    public const int WildSteps = 1000;

    // Far more than it takes; a run that needs more goes round in circles.
    private const int MostSteps = 100_000;

    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    // Queue and generation deadline, a day's grace for an output that cannot be stored, and the pauses between.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(30);

    private readonly World _world;
    private readonly Offers _offers;
    private int _steps;
    private ulong _fingerprint = 14695981039346656037;

    private Run(ulong seed, PlantedBug planted, Coverage coverage, Action<string>? trace)
    {
        _world = new(seed, planted, coverage, trace);
        _offers = new(_world);
    }

    /// <summary>Makes a run.</summary>
    public static RunResult Of(ulong seed, PlantedBug planted, Coverage coverage, Action<string>? trace = null)
    {
        var run = new Run(seed, planted, coverage, trace);
        try
        {
            run.Begin();
            run.Go();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"The run of seed {seed} went wrong itself.", error);
        }

        return new(seed, run._steps, run._world.Books.Commits, run._world.Books.Tasks.Count, run._fingerprint, run._world.Broken);
    }

    private void Begin()
    {
        for (var i = 0; i < 3; i++)
        {
            _world.Cluster.StartSilo();
        }

        Remind();
    }

    private void Go()
    {
        while (_steps < WildSteps && Check())
        {
            Wild();
        }

        _world.Mishaps.HaveStopped = true;
        _world.Cluster.Silos.FindAll(s => s.IsStopped).ForEach(s => s.Continue());
        for (var i = 0; i < _world.Routes.Routes.Count; i++)
        {
            _world.Routes.Switch(i, RouteState.Enabled);
        }

        var until = _world.Timeline.Now + Patience;
        while (Check() && !IsAtRest())
        {
            if (_world.Timeline.Now > until || _steps > MostSteps)
            {
                var open = _world.Books.Tasks.Select(t => _world.Books.Find(t)!).Where(t => !t.IsTerminal).ToList();
                _world.Require(
                    Invariant.TasksEnd,
                    false,
                    () => $"after {_world.Timeline.Now} and {_steps} steps {open.Count} tasks have not ended: {open.FirstOrDefault()?.Id} is {open.FirstOrDefault()?.Phase}");
                return;
            }

            Calm();
        }

        if (_world.Broken is null)
        {
            _world.Books.CheckAtRest();

            // What the grains say after everybody was killed is what the ledger makes.
            foreach (var silo in _world.Cluster.Silos.ToList())
            {
                _world.Kill(silo);
                _world.Cluster.DeclareDead(silo);
            }

            _world.Customers.AskBalances();
            while (Check() && _world.Customers.Waiting > 0)
            {
                Calm();
            }
        }
    }

    private bool IsAtRest() => _world.Customers.Waiting == 0
        && _world.Books.Tasks.TrueForAll(t => _world.Books.Find(t)!.IsTerminal)
        && _world.Cluster.Ready.Count + _world.Cluster.Messages + _world.Wire.Count == 0;

    private bool Check()
    {
        _steps++;
        Mix((ulong)_world.Timeline.Now.Ticks);
        Mix((ulong)_world.Books.Commits);
        Mix((ulong)_world.Wire.Count);
        return _world.Broken is null;
    }

    private void Wild()
    {
        switch (_world.Chance.Below(100))
        {
            case < 5:
                _world.Customers.Act();
                break;
            case < 9:
                _offers.Make();
                break;
            case 9:
                Disturb();
                break;
            case < 18:
                PassTime();
                break;
            default:
                Calm();
                break;
        }
    }

    /// <summary>Something that is under way gets on; where nothing is, time passes.</summary>
    private void Calm()
    {
        var (ready, messages, calls) = (_world.Cluster.Ready.Count, _world.Cluster.Messages, _world.Wire.Count);
        if (ready + messages + calls == 0)
        {
            PassTime();
            return;
        }

        var next = _world.Chance.Below(ready + messages + calls);
        if (next < ready)
        {
            _world.Cluster.Ready[next].RunOne();
        }
        else if (next < ready + messages)
        {
            _world.Cluster.DeliverOne(next - ready);
        }
        else
        {
            _world.Wire.Advance(next - ready - messages);
        }
    }

    private void PassTime()
    {
        if (_world.Timeline.NextDue is { } due)
        {
            PassTo(due);
        }
    }

    private void PassTo(TimeSpan time)
    {
        _world.Wire.SettleBefore(time);
        _world.Timeline.PassTo(time);
    }

    private void Disturb()
    {
        var silos = _world.Cluster.Silos;
        var silo = _world.Chance.Pick(silos);
        switch (_world.Chance.Below(12))
        {
            case < 3:
                _world.Coverage.Happened("silo killed");
                _world.Kill(_world.Wire.PickCaller() as Silo ?? silo);
                break;
            case 3 or 4 when !silo.IsStopped && silos.Count(s => !s.IsStopped) > 1:
                Stop(silo);
                break;
            case 5 or 6 when _world.Cluster.Registered is { Count: > 0 } activations:
                _world.Coverage.Happened("activation doubled");
                var doubled = _world.Chance.Pick(activations);
                _world.Say(() => $"{doubled} is forgotten");
                _world.Cluster.Forget(doubled);
                break;
            case 7 when _world.Cluster.Registered is { Count: > 0 } activations:
                _world.Coverage.Happened("activation ended");
                _world.Chance.Pick(activations).Leave();
                break;
            case 8:
                _world.Coverage.Happened("clock set");
                silo.Time.Ahead = _world.Chance.Between(-World.MostAhead, World.MostAhead);
                break;
            case 9:
                _world.Coverage.Happened("clock jumped");
                PassTo(_world.Timeline.Now + _world.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(6)));
                break;
            default:
                _world.Coverage.Happened("route switched");
                _world.Routes.Switch(
                    _world.Chance.Below(4),
                    _world.Chance.Pick([RouteState.Enabled, RouteState.Enabled, RouteState.Draining, RouteState.Disabled]));
                break;
        }
    }

    // Stopped for longer than the others are patient, it is taken for dead, comes back, and ends itself when it learns so.
    private void Stop(Silo silo)
    {
        _world.Coverage.Happened("silo stopped");
        _world.Say(() => $"{silo} stops");
        silo.Stop();
        var length = _world.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40));
        var patience = TimeSpan.FromSeconds(10);
        if (length > patience)
        {
            _world.Timeline.After(patience, () => _world.Cluster.DeclareDead(silo));
            _world.Timeline.After(length + _world.Chance.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)), () =>
            {
                if (!silo.IsDead)
                {
                    _world.Coverage.Happened("silo back from the dead");
                    _world.Kill(silo);
                }
            });
        }

        _world.Timeline.After(length, silo.Continue);
    }

    // Reminders revive the sweepers; those that nothing is due for need not run.
    private void Remind()
    {
        foreach (var shard in _world.Books.Tasks.Select(t => TaskShard.Of(t.Tenant, t.Id)).Distinct().Order())
        {
            var sweeper = _world.Cluster.Reference<IRemindable>(null, shard.ToString(), typeof(ISweeperGrain));
            _ = sweeper.ReceiveReminder("sweep", default);
        }

        _world.Timeline.After(Reminder, Remind);
    }

    private void Mix(ulong value) => _fingerprint = (_fingerprint ^ value) * 1099511628211;
}
