namespace Platform.Upstreams.Http;

/// <summary>How long each kind of call may take.</summary>
internal static class CallLimits
{
    /// <summary>A submit: providers may look at the inputs before they answer.</summary>
    public static readonly TimeSpan Submit = TimeSpan.FromSeconds(25);

    /// <summary>A query, a look-up.</summary>
    public static readonly TimeSpan Query = TimeSpan.FromSeconds(10);

    /// <summary>A cancel.</summary>
    public static readonly TimeSpan Cancel = TimeSpan.FromSeconds(10);

    /// <summary>The whole of a call, as the port names it: somewhat longer than each of its own.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);

    /// <summary>How long after its commit a request may still be sent.</summary>
    public static readonly TimeSpan SendWindow = TimeSpan.FromSeconds(10);
}
