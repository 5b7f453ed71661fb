namespace Platform.Media.Egress;

/// <summary>Why a URL is not fetched.</summary>
/// <param name="Reason">
/// A sentence for whoever gave the URL. It never holds an address that a name resolved to: that would let strangers map the
/// network behind the platform.
/// </param>
public sealed record EgressRefusal(string Reason);
