using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Platform.Media.Egress;

/// <summary>
/// The wall: every connection of the guarded client is made here. The name is resolved once, every address is judged, and the
/// connection goes to one of the very addresses that were judged, so that a name server that answers differently the next time
/// (rebinding) gains nothing.
/// </summary>
internal sealed partial class EgressConnector(EgressGuard guard, IHostResolver resolver, IOutboundConnector connector, ILogger<EgressConnector> logger)
{
    // Addresses tried before giving up; a name server may list thousands.
    private const int MaxTries = 4;

    /// <summary>Connects to a host, or refuses.</summary>
    /// <exception cref="EgressRefusedException">An address is forbidden.</exception>
    /// <exception cref="SocketException">The name cannot be resolved, or nobody answers.</exception>
    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        // A closing dot means the same name.
        var name = host.TrimEnd('.');
        var addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await resolver.ResolveAsync(name, cancellationToken);
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        foreach (var address in addresses)
        {
            // One forbidden address condemns the name: an honest one has no reason to mix them.
            if (!guard.IsAllowed(address))
            {
                LogRefused(host, address);
                throw new EgressRefusedException(EgressGuard.NotPublic);
            }
        }

        for (var i = 0; ; i++)
        {
            try
            {
                return await connector.ConnectAsync(new IPEndPoint(addresses[i], port), cancellationToken);
            }
            catch (SocketException) when (i + 1 < Math.Min(addresses.Count, MaxTries))
            {
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refused to connect to {Host}: it resolves to {Address}.")]
    private partial void LogRefused(string host, IPAddress address);
}
