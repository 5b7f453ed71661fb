using System.Diagnostics;
using System.Net;
using System.Text;

namespace Platform.Bench.Load;

/// <summary>Loads a server over a fixed set of connections, from one thread.</summary>
internal sealed class LoadGenerator : IDisposable
{
    // What is still out when the time is up may take this long, before the run fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Epoll _epoll = new();
    private readonly Connection[] _connections;
    private readonly List<TimeSpan> _latencies = [];
    private int _errors;
    private string? _firstError;

    public LoadGenerator(int port, int connections)
    {
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(new(IPAddress.Loopback, port)))];
        for (var i = 0; i < connections; i++)
        {
            _epoll.Watch(_connections[i].Descriptor, i);
        }
    }

    /// <summary>The content of the answer to one request.</summary>
    public byte[] One(byte[] request)
    {
        Clear();
        _connections[0].Send(request, Stopwatch.GetTimestamp());
        Drain();
        return HttpAnswer.Content(_connections[0].Received);
    }

    /// <summary>Closed loop: each connection sends its next request when its last one is answered.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="request">The bytes of a request, by connection and number of the request.</param>
    public LoadResult Closed(TimeSpan duration, Func<int, int, byte[]> request)
    {
        Clear();
        var sent = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < _connections.Length; i++)
        {
            _connections[i].Send(request(i, sent++), Stopwatch.GetTimestamp());
        }

        Span<int> ready = stackalloc int[_connections.Length + 1];
        var completed = 0;
        TimeSpan elapsed;
        while ((elapsed = Stopwatch.GetElapsedTime(started)) < duration)
        {
            var count = _epoll.Wait(ready, duration - elapsed);
            for (var i = 0; i < count; i++)
            {
                if (ready[i] != Epoll.Timer && Complete(_connections[ready[i]]))
                {
                    completed++;
                    _connections[ready[i]].Send(request(ready[i], sent++), Stopwatch.GetTimestamp());
                }
            }
        }

        // The rate counts what was answered in time; errors and latencies also what came after.
        Drain();
        return new(completed, _errors, _firstError, elapsed, new(_latencies));
    }

    /// <summary>Open loop: requests are due at a fixed rate, whether or not earlier ones are answered.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="perSecond">Requests per second.</param>
    /// <param name="request">The bytes of a request, by its number.</param>
    public LoadResult Open(TimeSpan duration, int perSecond, Func<int, byte[]> request)
    {
        Clear();
        var free = new Queue<int>(Enumerable.Range(0, _connections.Length));
        var total = (int)(duration.TotalSeconds * perSecond);
        var interval = Stopwatch.Frequency / perSecond;
        var sent = 0;
        Span<int> ready = stackalloc int[_connections.Length + 1];
        var started = Stopwatch.GetTimestamp();
        while (sent < total)
        {
            // A request that finds no free connection is late, and its latency says so.
            while (sent < total && free.Count > 0 && started + (sent * interval) is var due && due <= Stopwatch.GetTimestamp())
            {
                _connections[free.Dequeue()].Send(request(sent++), due);
            }

            if (free.Count > 0)
            {
                _epoll.Ring(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), started + (sent * interval)));
            }

            var count = _epoll.Wait(ready, Patience);
            for (var i = 0; i < count; i++)
            {
                if (ready[i] != Epoll.Timer && Complete(_connections[ready[i]]))
                {
                    free.Enqueue(ready[i]);
                }
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        Drain();
        return new(_latencies.Count, _errors, _firstError, elapsed, new(_latencies));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _epoll.Dispose();
    }

    private void Clear()
    {
        _latencies.Clear();
        _errors = 0;
        _firstError = null;
    }

    private bool Complete(Connection connection)
    {
        if (connection.Receive() is not { } status)
        {
            return false;
        }

        _latencies.Add(Stopwatch.GetElapsedTime(connection.Due));
        if (status != 200)
        {
            _errors++;
            _firstError ??= $"{status}: {Encoding.UTF8.GetString(HttpAnswer.Content(connection.Received))}";
        }

        return true;
    }

    private void Drain()
    {
        Span<int> ready = stackalloc int[_connections.Length + 1];
        var since = Stopwatch.GetTimestamp();
        while (_connections.Any(c => c.IsBusy))
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException("Requests were not answered.");
            }

            var count = _epoll.Wait(ready, TimeSpan.FromSeconds(1));
            for (var i = 0; i < count; i++)
            {
                if (ready[i] != Epoll.Timer)
                {
                    Complete(_connections[ready[i]]);
                }
            }
        }
    }
}
