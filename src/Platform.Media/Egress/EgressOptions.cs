namespace Platform.Media.Egress;

/// <summary>How URLs that come from tenants may be fetched. The defaults are the safe ones.</summary>
public sealed class EgressOptions
{
    /// <summary>
    /// Whether loopback and private addresses may be reached. Default false. For development only: on, a tenant can read what the
    /// network around the platform serves. Link-local addresses, where clouds keep credentials, stay forbidden.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Whether plain HTTP is allowed beside HTTPS. Default false. For development only: on, anybody on the way can change what is fetched.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Longest wait for name resolution and connection. Default 5 s, range 0.1 s – 1 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the head of one answer, connection included. Default 10 s, range 0.1 s – 1 min.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Period over which a body must make progress. Default 10 s, range 0.1 s – 1 min. With <see cref="MinBytesPerWindow"/> it
    /// ends a server that sends just enough to seem alive.
    /// </summary>
    public TimeSpan ProgressWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Fewest bytes of a body in each <see cref="ProgressWindow"/>. Default 10,240 (1 KB/s), at least 1.</summary>
    public int MinBytesPerWindow { get; set; } = 10 * 1024;

    /// <summary>Most redirects that one fetch follows; each is checked like the first URL. Default 5, range 0 – 20.</summary>
    public int MaxRedirects { get; set; } = 5;

    /// <summary>How the platform introduces itself. Default <c>Platform-Media/1.0</c>.</summary>
    public string UserAgent { get; set; } = "Platform-Media/1.0";
}
