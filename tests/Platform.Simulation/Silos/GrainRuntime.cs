using Orleans;
using Orleans.Core;
using Orleans.Runtime;
using Orleans.Timers;

namespace Platform.Simulation.Silos;

/// <summary>What grains ask of the silo that they run on: other grains, timers, their own end.</summary>
internal sealed class GrainRuntime(Cluster cluster, Silo silo) : IGrainRuntime, ITimerRegistry, IGrainFactory
{
    public string SiloIdentity => silo.ToString();

    public SiloAddress SiloAddress => throw new NotSupportedException();

    public IGrainFactory GrainFactory => this;

    public ITimerRegistry TimerRegistry => this;

    public IServiceProvider ServiceProvider => silo;

    public TimeProvider TimeProvider => silo.Time;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => cluster.Reference<TGrainInterface>(silo, primaryKey);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => cluster.Reference<TGrainInterface>(silo, primaryKey.ToString());

    public void DeactivateOnIdle(IGrainContext grainContext) => ((Activation)grainContext).Leave();

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan)
    {
        // The run alone says when an idle grain goes.
    }

    public IGrainTimer RegisterGrainTimer<T>(
        IGrainContext grainContext, Func<T, CancellationToken, Task> callback, T state, GrainTimerCreationOptions options) =>
        new Timer<T>((Activation)grainContext, callback, state, options);

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext) => throw new NotSupportedException();

    public IDisposable RegisterTimer(IGrainContext grainContext, Func<object?, Task> asyncCallback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw new NotSupportedException();

    /// <summary>A grain's timer: its tick is a turn of the grain, and the next one is counted from when it is done.</summary>
    private sealed class Timer<T> : IGrainTimer
    {
        private readonly ITimer _timer;
        private TimeSpan _period;
        private bool _changed;

        public Timer(Activation activation, Func<T, CancellationToken, Task> callback, T state, GrainTimerCreationOptions options)
        {
            _period = options.Period;
            _timer = activation.Silo.Time.CreateTimer(
                _ => _ = activation.Turns.Start(async () =>
                {
                    if (activation.IsLeaving)
                    {
                        return;
                    }

                    _changed = false;
                    await callback(state, CancellationToken.None).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                    if (!_changed && _period >= TimeSpan.Zero)
                    {
                        _timer!.Change(_period, Timeout.InfiniteTimeSpan);
                    }
                }),
                null,
                options.DueTime,
                Timeout.InfiniteTimeSpan);
        }

        public void Change(TimeSpan dueTime, TimeSpan period)
        {
            _changed = true;
            _period = period;
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer.Dispose();
    }
}
