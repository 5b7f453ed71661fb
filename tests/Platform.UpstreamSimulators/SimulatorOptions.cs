namespace Platform.UpstreamSimulators;

/// <summary>How a simulator behaves when it behaves.</summary>
public sealed record SimulatorOptions
{
    /// <summary>How long a job takes; null where only a test moves it.</summary>
    public TimeSpan? JobTime { get; init; }

    /// <summary>How long every answer takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Length of the video that is served, in seconds; what is charged for.</summary>
    public decimal Seconds { get; init; } = 5m;

    /// <summary>Price of a second in US dollars.</summary>
    public decimal PricePerSecond { get; init; } = 0.126m;

    /// <summary>Price of a second of the dearer quality.</summary>
    public decimal HighPricePerSecond { get; init; } = 0.168m;

    /// <summary>Most jobs at once; more are refused as busy. Null for no bound.</summary>
    public int? Slots { get; init; }

    /// <summary>Seed of chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Port to listen on; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Key that the caller must have: the API key, or the secret key where the wire signs tokens.</summary>
    public string ApiKey { get; init; } = "simulator-key-of-thirty-two-chars!";

    /// <summary>Second half of the key, where the wire has two: Kling's access key.</summary>
    public string AccessKey { get; init; } = "simulator-access-key";

    /// <summary>Secret that signs callbacks, where the wire signs by a shared one.</summary>
    public string WebhookSecret { get; init; } = "whsec_c2ltdWxhdG9yLXNlY3JldC1vZi0zMi1ieXRlcyE=";
}
