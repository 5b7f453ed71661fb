using System.Net;

namespace Platform.Media.Egress;

/// <summary>Turns a host's name into its addresses. A port, so that tests can play a hostile name server.</summary>
internal interface IHostResolver
{
    /// <summary>All addresses of a name, as the system would use them.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name cannot be resolved.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Asks the system's resolver.</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
