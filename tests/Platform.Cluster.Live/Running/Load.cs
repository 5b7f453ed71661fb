using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live.Running;

/// <summary>
/// Customers who create tasks through all silos until they are told to stop. A request that meets a closed connection, or an answer that
/// says to try again, is sent again to another silo with the same idempotency key, until the task is accepted.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static int _loads;

    // Its idempotency keys are its own.
    private readonly string _name;
    private readonly LiveCluster _cluster;
    private readonly int _unfinished;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _customers = [];
    private readonly ConcurrentDictionary<string, (Tenant Tenant, Order Order)> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _troubles = new(StringComparer.Ordinal);
    private int _orders;
    private long _open;

    private Load(LiveCluster cluster, int unfinished)
    {
        _name = $"load-{Interlocked.Increment(ref _loads)}";
        _cluster = cluster;
        _unfinished = unfinished;
    }

    /// <summary>Tasks that were accepted, with what was ordered.</summary>
    public IReadOnlyDictionary<string, (Tenant Tenant, Order Order)> Accepted => _accepted;

    /// <summary>How often each kind of trouble was met that a retry healed: <c>closed</c>, or a status.</summary>
    public IReadOnlyDictionary<string, int> Troubles => _troubles;

    /// <summary>Starts it.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="unfinished">How many unfinished tasks it keeps there about.</param>
    public static Load Start(LiveCluster cluster, int unfinished)
    {
        var load = new Load(cluster, unfinished);
        load._customers.Add(load.CountAsync());
        foreach (var tenant in cluster.Customers)
        {
            load._customers.Add(load.OrderAsync(tenant));
            load._customers.Add(load.OrderAsync(tenant));
        }

        return load;
    }

    /// <summary>Waits until there are so many unfinished tasks, and says how many there are.</summary>
    public async Task<long> UnfinishedAsync(int atLeast)
    {
        await Wait.UntilAsync($"{atLeast} unfinished tasks", () =>
        {
            ThrowIfBroken();
            return Task.FromResult(Interlocked.Read(ref _open) >= atLeast);
        });
        return await _cluster.UnfinishedAsync();
    }

    /// <summary>No more orders; returns when what was ordered is accepted.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_customers);
    }

    /// <summary>Waits until all tasks have ended, and checks each one's end and all that must hold of it.</summary>
    public async Task EachEndedOnceAsync()
    {
        await _cluster.EmptyAsync();
        await Ends.CheckAsync(_cluster, _accepted);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_customers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    // A customer who gave up is the finding; nothing that is waited for will come.
    private void ThrowIfBroken()
    {
        if (_customers.Find(c => c.IsFaulted) is { Exception: { } broken })
        {
            throw new InvalidOperationException("A customer has given up.", broken.InnerException);
        }
    }

    private async Task CountAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _open, await _cluster.UnfinishedAsync());
            await PauseAsync();
        }
    }

    private async Task OrderAsync(Tenant tenant)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Interlocked.Read(ref _open) < _unfinished)
            {
                var number = Interlocked.Increment(ref _orders);
                var order = Order.Mix[number % Order.Mix.Count];
                var wanted = new Wanted(Prompt: order.Prompt, KeepSound: false);
                var created = await SendAsync(tenant, number, caller => caller.CreateAsync(tenant.Inputs, wanted, $"{_name}-{number}"));
                var id = created.Text("id");
                _accepted[id] = (tenant, order);
                if (order.Cancel)
                {
                    await SendAsync(tenant, number, caller => caller.CancelAsync(id), HttpStatusCode.Conflict);
                }
            }

            await PauseAsync();
        }
    }

    private async Task<System.Text.Json.JsonElement> SendAsync(
        Tenant tenant, int number, Func<Caller, Task<Answer>> send, HttpStatusCode alsoRight = HttpStatusCode.OK)
    {
        var started = Stopwatch.StartNew();
        for (var attempt = number; ; attempt++)
        {
            var silo = _cluster.Silos[attempt % _cluster.Silos.Count];
            string trouble;
            try
            {
                var answer = await send(new(silo.Http, tenant.Key));
                if (answer.Status is HttpStatusCode.OK || answer.Status == alsoRight)
                {
                    return answer.Body;
                }

                if (answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict))
                {
                    throw new InvalidOperationException($"{silo.Name} answered {(int)answer.Status}: {answer.Body}\n{silo.Log}");
                }

                trouble = $"{(int)answer.Status}";
            }
            catch (HttpRequestException)
            {
                trouble = "closed";
            }
            catch (TaskCanceledException)
            {
                trouble = "no answer";
            }

            _troubles.AddOrUpdate(trouble, 1, static (_, n) => n + 1);
            (started.Elapsed < Patience).Should().BeTrue("a retry must heal '{0}' within {1}; all troubles: {2}", trouble, Patience, string.Join(", ", _troubles));
            await Task.Delay(Between, TimeProvider.System);
        }
    }

    private static Task PauseAsync() => Task.Delay(Between, TimeProvider.System);
}
