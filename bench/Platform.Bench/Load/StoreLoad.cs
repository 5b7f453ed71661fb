using System.Diagnostics;
using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Bench.Load;

/// <summary>Accepts by a store alone: callers in a closed loop, each with an account of its own.</summary>
internal sealed class StoreLoad(IAccountStore store, int callers)
{
    private const decimal Credits = 1_000_000_000m;

    private Account[] _accounts = [];
    private long _count;

    /// <summary>Opens the accounts.</summary>
    public async Task OpenAsync()
    {
        _accounts = await Task.WhenAll(Enumerable.Range(0, callers).Select(async i =>
        {
            var grant = Units.Grant(Account.Open(new($"ten_{i:d16}")), "grant", Credits, TimeProvider.System.GetUtcNow());
            await store.CommitAsync(grant, default);
            return grant.After;
        }));
    }

    /// <summary>Accepts for a while; says how many per second.</summary>
    public async Task<double> RunAsync(TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => AcceptAsync(i, started, duration))));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<int> AcceptAsync(int caller, long started, TimeSpan duration)
    {
        var count = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var now = TimeProvider.System.GetUtcNow();
            var account = _accounts[caller];

            // No more open holds than a tenant may have in flight: the decider's state is not what is measured.
            account = account with { Holds = account.Holds.Clear(), Queue = account.Queue.Clear() };
            var unit = Units.Accept(account, new($"{TaskId.Prefix}{now.ToUnixTimeSeconds()}-{Interlocked.Increment(ref _count):d16}"), 40.824m, now);
            var accepted = unit.Accepted[0];
            unit = unit with
            {
                Accepted = [accepted with { Task = accepted.Task with { Request = accepted.Task.Request with { Metadata = accepted.Task.Request.Metadata.Clear(), EndUser = null } } }],
            };
            if (await store.CommitAsync(unit, default) is not CommitOutcome.Committed)
            {
                throw new InvalidOperationException("An accept lost a fence that nobody else touches.");
            }

            _accounts[caller] = unit.After;
            count++;
        }

        return count;
    }
}
