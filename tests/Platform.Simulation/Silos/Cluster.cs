using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Platform.Grains.Sweeping;
using Platform.Grains.Tasks;
using Platform.Grains.Tenants;
using Platform.Simulation.Kernel;

namespace Platform.Simulation.Silos;

/// <summary>
/// The silos and who runs which grain. It errs as a real cluster does: a silo that died is noticed late, one that was stopped too long is
/// taken for dead and comes back, and a grain may for a while run twice.
/// </summary>
internal sealed class Cluster(World world)
{
    /// <summary>How long a caller waits for an answer.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    private static readonly GrainKind[] Kinds = [new(typeof(TenantGrain)), new(typeof(TaskGrain)), new(typeof(SweeperGrain))];

    private readonly Dictionary<(GrainKind Kind, string Key), Activation> _directory = [];
    private readonly List<Message> _messages = [];
    private int _started;

    public ReadyQueues Ready { get; } = new();

    /// <summary>Those that run or are stopped; the dead are forgotten.</summary>
    public List<Silo> Silos { get; } = [];

    public int Messages => _messages.Count;

    public IReadOnlyList<Activation> Registered => [.. _directory.Values];

    public void StartSilo() => Silos.Add(new(world, ++_started));

    /// <summary>A reference to a grain, by one of its interfaces; where several classes have that, by another one too.</summary>
    public T Reference<T>(Silo? caller, string key, Type? of = null)
    {
        var reference = DispatchProxy.Create<T, GrainProxy>();
        var proxy = (GrainProxy)(object)reference!;
        (proxy.Cluster, proxy.Caller, proxy.Key) = (this, caller, key);
        proxy.Kind = Array.Find(Kinds, k => k.Implements(of ?? typeof(T)))!;
        return reference;
    }

    public Task Call(Silo? caller, GrainKind kind, string key, MethodInfo method, object?[] arguments, bool isOneWay)
    {
        if (caller is { IsDead: true })
        {
            return new TaskCompletionSource().Task;
        }

        if (isOneWay)
        {
            if (!world.Mishaps.LosesWake())
            {
                _messages.Add(new(caller, $"{method.Name} of {kind.Name}", key, () => Deliver(kind, key, method, arguments, _ => { })));
            }

            return Task.CompletedTask;
        }

        var answer = PendingAnswer.Of(method.ReturnType);
        world.Timeline.After(ResponseTimeout, () => answer.Fail(new TimeoutException($"{kind.Name}.{method.Name} did not answer.")));
        _messages.Add(new(caller, $"{method.Name} of {kind.Name}", key, () => Deliver(kind, key, method, arguments, result =>
        {
            if (result is not null)
            {
                _messages.Add(new(caller, $"answer to {method.Name} of {kind.Name}", key, () =>
                {
                    if (caller is not { IsDead: true })
                    {
                        answer.Give(result);
                    }
                }));
            }
            else
            {
                answer.Fail(new SiloUnavailableException($"{kind.Name} {key} is on a silo that is gone."));
            }
        })));
        return answer.Task;
    }

    /// <summary>Lets one message arrive.</summary>
    public void DeliverOne(int index)
    {
        var message = _messages[index];
        _messages[index] = _messages[^1];
        _messages.RemoveAt(_messages.Count - 1);
        world.Say(() => $"{message.What} {message.Key} from {message.Sender?.ToString() ?? "outside"} arrives");
        message.Arrive();
    }

    /// <summary>The process ends at once; the others learn of it later.</summary>
    public void Kill(Silo silo)
    {
        foreach (var message in _messages)
        {
            if (message.Sender == silo)
            {
                world.Coverage.Died($"grain call: {message.What}");
            }
        }

        silo.Die();
        Silos.Remove(silo);
        world.Wire.Died(silo);
    }

    /// <summary>The others take a silo for dead: its grains may start elsewhere.</summary>
    public void DeclareDead(Silo silo)
    {
        foreach (var (key, activation) in _directory)
        {
            if (activation.Silo == silo)
            {
                _directory.Remove(key);
            }
        }
    }

    /// <summary>The directory forgets an activation that lives: the next call makes a second one.</summary>
    public void Forget(Activation activation) => Left(activation);

    public void Left(Activation activation)
    {
        if (_directory.TryGetValue((activation.Kind, activation.Key), out var registered) && registered == activation)
        {
            _directory.Remove((activation.Kind, activation.Key));
        }
    }

    private void Deliver(GrainKind kind, string key, MethodInfo method, object?[] arguments, Action<Task?> answer)
    {
        if (!_directory.TryGetValue((kind, key), out var activation))
        {
            var able = Silos.FindAll(s => !s.IsStopped);
            if (able.Count == 0)
            {
                answer(null);
                return;
            }

            activation = new(this, world.Chance.Pick(able), kind, key);
            _directory.Add((kind, key), activation);
            world.Say(() => $"{activation} starts");
        }

        if (activation.Silo.IsDead)
        {
            answer(null);
        }
        else if (activation.IsLeaving)
        {
            // It waits until the activation is gone, and goes to the next one.
            world.Timeline.After(TimeSpan.FromMilliseconds(10), () => Deliver(kind, key, method, arguments, answer));
        }
        else
        {
            activation.Receive(method, arguments, answer);
        }
    }

    private sealed record Message(Silo? Sender, string What, string Key, Action Arrive);
}
