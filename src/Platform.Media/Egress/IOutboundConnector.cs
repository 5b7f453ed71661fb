using System.Net;
using System.Net.Sockets;

namespace Platform.Media.Egress;

/// <summary>Opens a connection to an address that has been checked. A port, so that tests can put a local server behind a public address.</summary>
internal interface IOutboundConnector
{
    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken);
}

/// <summary>Connects by TCP.</summary>
internal sealed class TcpConnector : IOutboundConnector
{
    public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
