namespace Platform.Simulation.Kernel;

/// <summary>What goes wrong with one call.</summary>
internal enum Mishap
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It has no effect, and the caller is told of an error.</summary>
    FailsBefore,

    /// <summary>It has its effect, and the caller is told of an error.</summary>
    ReplyFails,

    /// <summary>The caller is told of an error, and it has its effect after that.</summary>
    EffectComesLate,

    /// <summary>It never arrives, and nobody answers.</summary>
    NeverArrives,

    /// <summary>It has its effect, and nobody answers.</summary>
    NeverAnswered,

    /// <summary>It has its effect twice, and the second answer comes back.</summary>
    ArrivesTwice,
}

/// <summary>
/// All calls that are under way between a silo and what is outside of it. Each has two moments, its effect and its answer, and the run
/// chooses when they come: calls overtake each other, and the caller may be dead by then.
/// </summary>
internal sealed class Wire(Chance chance, Timeline timeline, Action<string> diedDuring, Action<Func<string>> say)
{
    private readonly List<Call> _calls = [];

    public int Count => _calls.Count;

    /// <summary>Makes a call.</summary>
    /// <param name="caller">Whose call.</param>
    /// <param name="kind">What kind of call, for the counts.</param>
    /// <param name="mishap">What goes wrong with it.</param>
    /// <param name="effect">What it does at the other end, and what comes of it.</param>
    /// <param name="error">What the caller is told where it fails.</param>
    /// <param name="arrivesWithin">By when it has arrived or is lost; null for at any time.</param>
    public Task<T> CallAsync<T>(
        ICaller caller, string kind, Mishap mishap, Func<T> effect, Func<Exception> error, TimeSpan? arrivesWithin = null)
    {
        var call = new Call<T>(caller, kind, mishap, effect, error) { ArriveBy = timeline.Now + arrivesWithin };
        if (!caller.IsDead)
        {
            _calls.Add(call);
        }

        return call.Answer;
    }

    /// <summary>Lets one call get on by one moment.</summary>
    public void Advance(int index)
    {
        var call = _calls[index];
        say(() => $"{call} {(call.HadEffect ? "is answered" : "arrives")}");
        if (call.Advance())
        {
            Remove(index);
        }
    }

    /// <summary>What cannot be on its way any longer arrives or is lost now.</summary>
    public void SettleBefore(TimeSpan time)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls[i] is { HadEffect: false } call && call.ArriveBy <= time && call.Advance())
            {
                Remove(i);
            }
        }
    }

    /// <summary>The caller died. What it had sent may still arrive; no answer reaches anybody.</summary>
    public void Died(ICaller caller)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            if (call.Caller != caller)
            {
                continue;
            }

            diedDuring($"{call.Kind}: {(call.HadEffect ? "done, not answered" : "under way")}");
            if (call.HadEffect || chance.Percent(50))
            {
                Remove(i);
            }
        }
    }

    /// <summary>A caller that waits for one of its calls, or null; rare kinds of calls as often as frequent ones.</summary>
    public ICaller? PickCaller()
    {
        if (_calls.Count == 0)
        {
            return null;
        }

        var kinds = _calls.Select(c => (c.Kind, c.HadEffect)).Distinct().ToList();
        var kind = chance.Pick(kinds);
        return chance.Pick(_calls.FindAll(c => (c.Kind, c.HadEffect) == kind)).Caller;
    }

    private void Remove(int index)
    {
        _calls[index] = _calls[^1];
        _calls.RemoveAt(_calls.Count - 1);
    }

    private abstract class Call(ICaller caller, string kind, Mishap mishap)
    {
        public ICaller Caller => caller;

        public string Kind => kind;

        public TimeSpan? ArriveBy { get; init; }

        /// <summary>Whether the first moment is over.</summary>
        public abstract bool HadEffect { get; }

        /// <summary>The next moment; says whether nothing more will come of the call.</summary>
        public abstract bool Advance();

        public override string ToString() => $"{kind} of {caller}{(mishap == Mishap.None ? "" : $" ({mishap})")}";
    }

    private sealed class Call<T> : Call
    {
        // Not asynchronously: a time-out that waits for it would then be told over the thread pool. Grains are never entered by it, their
        // queues see to that.
        private readonly TaskCompletionSource<T> _answer = new();
        private readonly Func<T> _effect;
        private readonly Action[] _moments;
        private Action _result = () => { };
        private int _next;

        public Call(ICaller caller, string kind, Mishap mishap, Func<T> effect, Func<Exception> error)
            : base(caller, kind, mishap)
        {
            _effect = effect;
            _moments = mishap switch
            {
                Mishap.None => [Effect, Result],
                Mishap.FailsBefore => [Nothing, Error],
                Mishap.ReplyFails => [Effect, Error],
                Mishap.EffectComesLate => [Error, Effect],
                Mishap.NeverArrives => [Nothing],
                Mishap.NeverAnswered => [Effect],
                Mishap.ArrivesTwice => [Effect, Effect, Result],
                _ => throw new ArgumentOutOfRangeException(nameof(mishap), mishap, "Not a mishap."),
            };

            void Result() => _result();
            void Error() => _answer.TrySetException(error());
            void Nothing()
            {
                // It got lost on the way.
            }
        }

        public Task<T> Answer => _answer.Task;

        public override bool HadEffect => _next > 0;

        public override bool Advance()
        {
            _moments[_next++]();
            return _next == _moments.Length || Caller.IsDead;
        }

        private void Effect()
        {
            try
            {
                var result = _effect();
                _result = () => _answer.TrySetResult(result);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                _result = () => _answer.TrySetException(failure);
            }
        }
    }
}

/// <summary>Who makes calls, and may die meanwhile.</summary>
internal interface ICaller
{
    bool IsDead { get; }
}
