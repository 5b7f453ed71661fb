using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains;
using Platform.Simulation.Checks;
using Platform.Simulation.Kernel;
using Platform.Simulation.People;
using Platform.Simulation.Planted;
using Platform.Simulation.Silos;
using Platform.Simulation.Surroundings;
using Platform.Storage.Memory;

namespace Platform.Simulation;

/// <summary>All that takes part in one run.</summary>
internal sealed class World
{
    /// <summary>Most that a silo's clock is ahead of the others' or behind.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(2);

    private readonly Action<string>? _trace;

    public World(ulong seed, PlantedBug planted, Coverage coverage, Action<string>? trace)
    {
        _trace = trace;
        Planted = planted;
        Coverage = coverage;
        Chance = new(seed);
        Mishaps = new(Chance);
        Wire = new(Chance, Timeline, coverage.Died, Say);
        Memory = planted.CreateStore();
        Options = new()
        {
            TasksInFlight = 1 + Chance.Below(3),
            QueueLength = Chance.Below(4),
            MaxGroupSize = 1 + Chance.Below(6),
            CommitRetries = 2,
            InputTries = 3,
            SweepBatch = 5,
            SweepInterval = TimeSpan.FromSeconds(20),
            StoreTimeout = TimeSpan.FromMinutes(3),
        };
        Limits = new(Options.TasksInFlight, Options.QueueLength);
        Books = new(this);
        Bills = new(this);
        Cluster = new(this);
        Customers = new(this);
        foreach (var owner in Tenants.Select(t => t.Owner).Distinct())
        {
            StoreConnection.Now(Memory.AddTenantAsync(new() { Id = owner, Name = owner.Value, CreatedAt = Kernel.Timeline.Start }, CancellationToken.None));
        }
    }

    public PlantedBug Planted { get; }

    public Coverage Coverage { get; }

    public Chance Chance { get; }

    public Timeline Timeline { get; } = new();

    public Mishaps Mishaps { get; }

    public Wire Wire { get; }

    public MemoryStore Memory { get; }

    public IAccountStore Accounts => Memory;

    public ITaskStore Tasks => Memory;

    public GrainOptions Options { get; }

    public AdmissionLimits Limits { get; }

    public Shelf Catalog { get; } = new();

    public RouteBook Routes { get; } = new(
    [
        RouteBook.To("alpha", 0.05m),
        RouteBook.To("beta", 0.06m),
        RouteBook.To("gamma", 0.07m),
        RouteBook.To("dear", 9m),
        RouteBook.To("play", 0m) with { IsSandbox = true },
    ]);

    public IReadOnlyList<TenantId> Tenants { get; } = [new("ten_a"), new("ten_b"), new("ten_a-test")];

    public IReadOnlyList<Provider> Providers => field ??=
    [
        new(this, "alpha", canCancel: true, canFind: true, knowsReferences: false),
        new(this, "beta", canCancel: false, canFind: false, knowsReferences: false),
        new(this, "gamma", canCancel: true, canFind: true, knowsReferences: true),
        new(this, "dear", canCancel: false, canFind: true, knowsReferences: false),
        new(this, "play", canCancel: true, canFind: true, knowsReferences: true),
    ];

    public Books Books { get; }

    public Bills Bills { get; }

    public Cluster Cluster { get; }

    public Customers Customers { get; }

    /// <summary>The first invariant that did not hold, or null.</summary>
    public InvariantBrokenException? Broken { get; private set; }

    /// <summary>Tells what happens, where somebody listens.</summary>
    public void Say(Func<string> what)
    {
        if (_trace is not null)
        {
            _trace($"{Timeline.Now:hh\\:mm\\:ss\\.ff} {what()}");
        }
    }

    /// <summary>Notes what must hold and does not; the run ends with the step.</summary>
    public void Require(Invariant invariant, bool holds, Func<string> otherwise)
    {
        if (!holds)
        {
            Broken ??= new(invariant, otherwise());
        }
    }

    /// <summary>A silo passes one of the places at which it may die.</summary>
    public void Reach(Silo silo, string point)
    {
        Coverage.Happened($"passed {point}");
        if (Mishaps.Happens(3))
        {
            Coverage.Died($"at {point}");
            Kill(silo);
        }
    }

    /// <summary>A silo dies; another one starts, and some time later the others know.</summary>
    public void Kill(Silo silo)
    {
        Say(() => $"{silo} dies");
        Cluster.Kill(silo);
        Cluster.StartSilo();
        Timeline.After(Chance.Between(TimeSpan.Zero, TimeSpan.FromSeconds(Chance.Percent(70) ? 0.5 : 12)), () => Cluster.DeclareDead(silo));
    }

    public void Disown(string job)
    {
        foreach (var provider in Providers)
        {
            provider.Disown(job);
        }
    }
}
