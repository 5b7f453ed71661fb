namespace Platform.Media.Inputs;

/// <summary>How much of a foreign file is read to see what it is.</summary>
internal static class RemoteLimits
{
    /// <summary>Most requests: a probe of a normal clip needs three.</summary>
    public const int MaxRequests = 24;

    /// <summary>Most bytes, over all requests.</summary>
    public const int MaxBytes = 24 * 1024 * 1024;

    /// <summary>Bytes of the smallest request. Most images and the headers of most clips fit into one.</summary>
    public const int BlockSize = 256 * 1024;
}
