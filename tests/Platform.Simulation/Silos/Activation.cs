using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Platform.Simulation.Kernel;

namespace Platform.Simulation.Silos;

/// <summary>
/// One activation of a real grain, outside of Orleans: the same class, its turns run one by one. Calls interleave as they do in a reentrant
/// grain, which all of ours are.
/// </summary>
internal sealed class Activation : IGrainContext
{
    private readonly Cluster _cluster;
    private readonly TaskCompletionSource _activated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public Activation(Cluster cluster, Silo silo, GrainKind kind, string key)
    {
        _cluster = cluster;
        Silo = silo;
        Kind = kind;
        Key = key;
        GrainId = kind.IdOf(key);
        Turns = new(cluster.Ready, entered => RunningGrain.Is(entered ? this : null));
        silo.Activations.Add(this);
        _ = Turns.Start(ActivateAsync);
    }

    public Silo Silo { get; }

    public GrainKind Kind { get; }

    public string Key { get; }

    public TurnQueue Turns { get; }

    public Grain? Grain { get; private set; }

    /// <summary>Whether calls go to another activation, or wait for one.</summary>
    public bool IsLeaving { get; private set; }

    public GrainId GrainId { get; }

    public object? GrainInstance => Grain;

    public IServiceProvider ActivationServices => Silo;

    public ActivationId ActivationId => throw new NotSupportedException();

    public GrainReference GrainReference => throw new NotSupportedException();

    public GrainAddress Address => throw new NotSupportedException();

    public IGrainLifecycle ObservableLifecycle => throw new NotSupportedException();

    public IWorkItemScheduler Scheduler => throw new NotSupportedException();

    public Task Deactivated => throw new NotSupportedException();

    /// <summary>Runs a method of the grain and tells what came of it.</summary>
    public void Receive(MethodInfo method, object?[] arguments, Action<Task> answer)
    {
        _running++;
        _ = Turns.Start(async () =>
        {
            Task result;
            try
            {
                await _activated.Task;
                result = method.Invoke(Grain, arguments) as Task ?? Task.CompletedTask;
            }
            catch (TargetInvocationException error)
            {
                result = Task.FromException(error.InnerException!);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                result = Task.FromException(error);
            }

            await result.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!Silo.IsDead)
            {
                answer(result);
            }

            _running--;
            LeaveIfIdle();
        });
    }

    /// <summary>Takes no more calls, and goes once those that it has are answered.</summary>
    public void Leave()
    {
        IsLeaving = true;
        LeaveIfIdle();
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) => Leave();

    public void ReceiveMessage(object message) => throw new NotSupportedException();

    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Rehydrate(IRehydrationContext context) => throw new NotSupportedException();

    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class => throw new NotSupportedException();

    public TTarget? GetTarget<TTarget>()
        where TTarget : class => Grain as TTarget;

    public TComponent? GetComponent<TComponent>()
        where TComponent : class => Grain as TComponent;

    public object? GetTarget() => Grain;

    public object? GetComponent(Type componentType) => null;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"{Kind.Name} {Key} on {Silo}";

    private async Task ActivateAsync()
    {
        try
        {
            Grain = Kind.Create(Silo);
            await Grain.OnActivateAsync(CancellationToken.None);
            _activated.SetResult();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            IsLeaving = true;
            _cluster.Left(this);
            _activated.SetException(error);
        }
    }

    private void LeaveIfIdle()
    {
        if (IsLeaving && _running == 0 && Grain is not null && _activated.Task.IsCompletedSuccessfully)
        {
            _ = Turns.Start(() => Grain.OnDeactivateAsync(new(DeactivationReasonCode.ApplicationRequested, "simulated"), CancellationToken.None));
            _cluster.Left(this);
        }
    }
}

/// <summary>A class of grains: its interfaces, how its keys look, and how one is made.</summary>
internal sealed class GrainKind(Type type)
{
    private readonly ObjectFactory _factory = ActivatorUtilities.CreateFactory(type, []);
    private readonly bool _hasIntegerKeys = typeof(IGrainWithIntegerKey).IsAssignableFrom(type);
    private readonly GrainType _grainType = GrainType.Create(type.Name);

    public string Name => type.Name;

    public bool Implements(Type grainInterface) => grainInterface.IsAssignableFrom(type);

    public GrainId IdOf(string key) => GrainId.Create(
        _grainType, _hasIntegerKeys ? GrainIdKeyExtensions.CreateIntegerKey(long.Parse(key)) : IdSpan.Create(key));

    public Grain Create(IServiceProvider services) => (Grain)_factory(services, null);
}

/// <summary>Tells Orleans' own code which grain runs on this thread.</summary>
internal static class RunningGrain
{
    // The runtime keeps the setter to itself; a grain's constructor reads what it sets.
    private static readonly Action<IGrainContext?> Set = typeof(Grain).Assembly
        .GetType("Orleans.Runtime.RuntimeContext", throwOnError: true)!
        .GetMethod("ResetExecutionContext", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(IGrainContext)])!
        .CreateDelegate<Action<IGrainContext?>>();

    public static void Is(IGrainContext? grain) => Set(grain);
}
