using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Timers;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Grains;
using Platform.Grains.Faults;
using Platform.Grains.Tasks;
using Platform.Simulation.Kernel;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.Silos;

/// <summary>
/// A process that hosts grains: a clock of its own, its own connections, its own memory. It can stop for a while, as a process does that is
/// sent SIGSTOP, and it can die at any moment; whatever it does after that reaches nobody.
/// </summary>
internal sealed class Silo : ICaller, IServiceProvider, IFaultPoints
{
    private readonly Dictionary<Type, object> _services = [];
    private readonly List<Action> _missed = [];
    private readonly World _world;

    public Silo(World world, int number)
    {
        _world = world;
        Number = number;
        Time = new(world.Timeline, Hold);
        var store = new StoreConnection(world, this);
        var accounts = world.Planted.Wrap((IAccountStore)store);
        var tasks = world.Planted.Wrap((ITaskStore)store);
        var media = new MediaClient(world, this);
        Add<TimeProvider>(Time);
        Add<IIdSource>(world.Chance);
        Add<IRandomSource>(world.Chance);
        Add(Options.Create(world.Options));
        Add<IAccountStore>(accounts);
        Add<ITaskStore>(tasks);
        Add<ITenantStore>(store);
        Add<ICatalog>(world.Catalog);
        Add<IRouteTable>(world.Routes);
        Add<IInputMedia>(media);
        Add<IResultMedia>(world.Planted.Wrap((IResultMedia)media));
        Add<IFaultPoints>(this);
        Add(new UpstreamRegistry([.. world.Providers.Select(p => world.Planted.Wrap((IUpstream)new UpstreamClient(world, this, p)))]));
        var runtime = new GrainRuntime(world.Cluster, this);
        Add<IGrainRuntime>(runtime);
        Add<ITimerRegistry>(runtime);
    }

    public int Number { get; }

    public SimulatedTime Time { get; }

    public bool IsDead { get; private set; }

    public bool IsStopped { get; private set; }

    public List<Activation> Activations { get; } = [];

    public object? GetService(Type serviceType)
    {
        if (_services.TryGetValue(serviceType, out var service))
        {
            return service;
        }

        if (serviceType.IsGenericType && serviceType.GetGenericTypeDefinition() == typeof(ILogger<>))
        {
            service = Activator.CreateInstance(typeof(NullLogger<>).MakeGenericType(serviceType.GenericTypeArguments))!;
            _services.Add(serviceType, service);
        }

        return service;
    }

    public void Die()
    {
        IsDead = true;
        foreach (var activation in Activations)
        {
            activation.Turns.Close();
        }
    }

    public void Stop() => SetStopped(true);

    public void Continue()
    {
        SetStopped(false);
        var missed = _missed.ToList();
        _missed.Clear();
        missed.ForEach(ring => ring());
    }

    /// <summary>Keeps what a timer would do for later, or for never; says whether it did.</summary>
    public bool Hold(Action ring)
    {
        if (IsStopped && !IsDead)
        {
            _missed.Add(ring);
        }

        return IsStopped || IsDead;
    }

    void IFaultPoints.Reach(string point)
    {
        if (!IsDead)
        {
            _world.Reach(this, point);
        }
    }

    public override string ToString() => $"silo {Number}";

    private void SetStopped(bool stopped)
    {
        IsStopped = stopped;
        foreach (var activation in Activations)
        {
            activation.Turns.Pause(stopped);
        }
    }

    private void Add<T>(T service)
        where T : class => _services.Add(typeof(T), service);
}
