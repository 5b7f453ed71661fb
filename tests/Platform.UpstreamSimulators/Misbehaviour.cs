namespace Platform.UpstreamSimulators;

/// <summary>Which kind of call misbehaves.</summary>
public enum CallKind
{
    /// <summary>A new job.</summary>
    Submit = 1,

    /// <summary>A job's state, its result, or a look-up.</summary>
    Query = 2,

    /// <summary>A cancel.</summary>
    Cancel = 3,
}

/// <summary>What a simulator can be told to do wrong.</summary>
public enum Misbehaviour
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The call has its effect, and the connection is cut before the answer.</summary>
    LoseReply = 1,

    /// <summary>The call has its effect, and the answer is a 500.</summary>
    ServerErrorAfterwards = 2,

    /// <summary>The call has its effect, and no answer ever comes.</summary>
    HangAfterwards = 3,

    /// <summary>No effect, a 500.</summary>
    ServerError = 4,

    /// <summary>No effect, no answer.</summary>
    Hang = 5,

    /// <summary>The call has its effect, and the answer is broken JSON.</summary>
    MalformedJson = 6,

    /// <summary>The call has its effect, and the answer drips, a byte at a time.</summary>
    SlowBody = 7,

    /// <summary>The call has its effect, and the answer never ends.</summary>
    EndlessBody = 8,

    /// <summary>The answer names a status that nobody has heard of.</summary>
    UnknownStatus = 9,

    /// <summary>No place, in the provider's words.</summary>
    Busy = 10,

    /// <summary>Too many requests, in the provider's words.</summary>
    TooFast = 11,

    /// <summary>The account is out of funds, in the provider's words.</summary>
    OutOfFunds = 12,

    /// <summary>The inputs break a policy, in the provider's words.</summary>
    ContentPolicy = 13,

    /// <summary>The inputs are wrong, in the provider's words.</summary>
    BadParameters = 14,

    /// <summary>The job is taken and fails later.</summary>
    JobFails = 15,

    /// <summary>The job is taken and fails later for its content.</summary>
    JobFailsByPolicy = 16,

    /// <summary>The job is taken and succeeds with a result that is gone.</summary>
    ResultGone = 17,

    /// <summary>The job is taken and claims a length that its video does not have.</summary>
    WrongDuration = 18,

    /// <summary>The job's callbacks come twice.</summary>
    DuplicateCallbacks = 19,

    /// <summary>The job's callbacks come in the wrong order.</summary>
    ReorderedCallbacks = 20,
}

/// <summary>Decides which call misbehaves: what was ordered for the next one, else by rates, from one seed.</summary>
public sealed class MisbehaviourPlan(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<CallKind, Queue<Misbehaviour>> _ordered = [];
    private readonly Queue<(CallKind Call, SimulatorAnswer Answer)> _answers = new();
    private readonly List<(CallKind Call, Misbehaviour What, double Rate)> _rates = [];

    /// <summary>The next call of a kind that nothing is ordered for does this.</summary>
    public void Next(CallKind call, params Misbehaviour[] what)
    {
        lock (_gate)
        {
            var queue = _ordered.TryGetValue(call, out var known) ? known : _ordered[call] = new();
            foreach (var one in what)
            {
                queue.Enqueue(one);
            }
        }
    }

    /// <summary>The next call of a kind has no effect and is answered with this.</summary>
    public void Answer(CallKind call, SimulatorAnswer answer)
    {
        lock (_gate)
        {
            _answers.Enqueue((call, answer));
        }
    }

    /// <summary>This part of the calls of a kind does this, until the rates are cleared.</summary>
    public void AtRate(CallKind call, Misbehaviour what, double rate)
    {
        lock (_gate)
        {
            _rates.Add((call, what, rate));
        }
    }

    /// <summary>From now on everything goes well.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _ordered.Clear();
            _rates.Clear();
        }
    }

    internal SimulatorAnswer? TakeAnswer(CallKind call)
    {
        lock (_gate)
        {
            return _answers.TryPeek(out var next) && next.Call == call ? _answers.Dequeue().Answer : null;
        }
    }

    internal Misbehaviour Take(CallKind call)
    {
        lock (_gate)
        {
            if (_ordered.TryGetValue(call, out var queue) && queue.TryDequeue(out var ordered))
            {
                return ordered;
            }

            foreach (var (of, what, rate) in _rates)
            {
                if (of == call && _random.NextDouble() < rate)
                {
                    return what;
                }
            }

            return Misbehaviour.None;
        }
    }
}
