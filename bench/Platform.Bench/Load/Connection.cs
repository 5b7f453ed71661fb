using System.Net;
using System.Net.Sockets;

namespace Platform.Bench.Load;

/// <summary>One connection that is kept open, with at most one request out.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[64 * 1024];
    private int _length;

    public Connection(IPEndPoint server)
    {
        _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
        _socket.Blocking = false;
        Descriptor = (int)_socket.Handle;
    }

    public int Descriptor { get; }

    /// <summary>When the request that is out was due, as a timestamp.</summary>
    public long Due { get; private set; }

    public bool IsBusy { get; private set; }

    public ReadOnlySpan<byte> Received => _received.AsSpan(0, _length);

    /// <summary>Sends a request.</summary>
    /// <exception cref="IOException">The socket did not take it.</exception>
    public void Send(ReadOnlySpan<byte> request, long due)
    {
        _length = 0;
        Due = due;
        IsBusy = true;
        if (!Epoll.TrySend(Descriptor, request))
        {
            throw new IOException("A request could not be sent.");
        }
    }

    /// <summary>Takes what has arrived; the status once the answer is complete.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public int? Receive()
    {
        var count = Epoll.Receive(Descriptor, _received.AsSpan(_length));
        if (count == 0)
        {
            throw new IOException("The server closed a connection.");
        }

        _length += Math.Max(count, 0);
        var status = HttpAnswer.Status(Received);
        IsBusy = status is null;
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
