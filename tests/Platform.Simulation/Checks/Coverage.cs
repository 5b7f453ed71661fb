using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Simulation.Checks;

/// <summary>Counts what was reached. One per worker; they are added up in the end.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<string, long> _pairs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _crashes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _facts = new(StringComparer.Ordinal);

    /// <summary>State and command, as often as a decider was asked.</summary>
    public IReadOnlyDictionary<string, long> Pairs => _pairs;

    /// <summary>Where a silo died, as often as it did.</summary>
    public IReadOnlyDictionary<string, long> Crashes => _crashes;

    /// <summary>What else happened: commits, lost fences, ends.</summary>
    public IReadOnlyDictionary<string, long> Facts => _facts;

    public static string PairOf(GenerationTask task, string command) => $"task {task.Phase.GetType().Name}, {command}";

    public static string PairOf(Account account, AccountCommand command, AdmissionLimits limits) =>
        $"account {StandingOf(account, limits, command.Now)}, {command.GetType().Name}";

    public static string NameOf(TaskCommand command) =>
        command is TaskCommand.Cancel cancel ? (cancel.UpstreamStopped ? "CancelStopped" : "CancelUnstopped") : command.GetType().Name;

    public void Decided(string pair) => Count(_pairs, pair);

    public void Died(string where) => Count(_crashes, where);

    public void Happened(string fact) => Count(_facts, fact);

    public void Add(Coverage other)
    {
        AddAll(_pairs, other._pairs);
        AddAll(_crashes, other._crashes);
        AddAll(_facts, other._facts);
    }

    private static string StandingOf(Account account, AdmissionLimits limits, DateTimeOffset now) => account switch
    {
        _ when account.Lots.Any(l => l.ExpiresAt <= now) => "Lapsed",
        { Version: 0 } => "New",
        { Holds.IsEmpty: true } => "Idle",
        { Queue.IsEmpty: true } => account.InFlight < limits.TasksInFlight ? "Flying" : "Full",
        _ => account.Queue.Count < limits.QueueLength ? "Waiting" : "Crowded",
    };

    private static void Count(Dictionary<string, long> counts, string what, long times = 1)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, what, out _);
        count += times;
    }

    private static void AddAll(Dictionary<string, long> to, Dictionary<string, long> from)
    {
        foreach (var (what, times) in from)
        {
            Count(to, what, times);
        }
    }
}
