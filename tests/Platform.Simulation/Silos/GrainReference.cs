using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;

namespace Platform.Simulation.Silos;

/// <summary>Stands for a grain wherever it is: a call of one of its methods becomes a message.</summary>
public class GrainProxy : DispatchProxy
{
    private static readonly ConcurrentDictionary<MethodInfo, bool> OneWay = new();

    internal Cluster Cluster { get; set; } = null!;

    internal Silo? Caller { get; set; }

    internal GrainKind Kind { get; set; } = null!;

    internal string Key { get; set; } = "";

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        var isOneWay = OneWay.GetOrAdd(targetMethod, method => method.IsDefined(typeof(OneWayAttribute), inherit: false));
        return Cluster.Call(Caller, Kind, Key, targetMethod, args ?? [], isOneWay);
    }
}

/// <summary>The answer that a caller waits for.</summary>
internal abstract class PendingAnswer
{
    private static readonly ConcurrentDictionary<Type, Func<PendingAnswer>> Factories = new();

    public abstract Task Task { get; }

    public static PendingAnswer Of(Type taskType) => Factories.GetOrAdd(taskType, static type =>
    {
        var result = type.IsGenericType ? type.GenericTypeArguments[0] : typeof(bool);
        var pending = typeof(Awaited<>).MakeGenericType(result);
        return () => (PendingAnswer)Activator.CreateInstance(pending, nonPublic: true)!;
    })();

    public abstract void Give(Task answer);

    public abstract void Fail(Exception error);

    private sealed class Awaited<T> : PendingAnswer
    {
        private readonly TaskCompletionSource<T> _completion = new();

        public override Task Task => _completion.Task;

        public override void Give(Task answer)
        {
            if (answer.Exception is { } error)
            {
                _completion.TrySetException(error.InnerExceptions);
            }
            else
            {
                _completion.TrySetResult(answer is Task<T> { Result: var result } ? result : default!);
            }
        }

        public override void Fail(Exception error) => _completion.TrySetException(error);
    }
}
