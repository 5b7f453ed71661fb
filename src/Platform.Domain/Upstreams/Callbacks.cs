using System.Collections.Immutable;

namespace Platform.Domain.Upstreams;

/// <summary>What came to the callback URL of an attempt, as it came.</summary>
public sealed record UpstreamCallback
{
    /// <summary>The account that has the attempt.</summary>
    public required string Account { get; init; }

    /// <summary>Our reference of the attempt.</summary>
    public required string Reference { get; init; }

    /// <summary>The request's headers; names in any case, several values of one name joined by a comma.</summary>
    public required ImmutableDictionary<string, string> Headers { get; init; }

    /// <summary>The request's body, byte by byte: signatures are over it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>What a callback is worth.</summary>
public abstract record CallbackReading
{
    private CallbackReading()
    {
    }

    /// <summary>The provider has not proved that it is from it; nothing is believed.</summary>
    /// <param name="Reason">Why, for the operator.</param>
    public sealed record Refused(string Reason) : CallbackReading;

    /// <summary>Something happened to the job, and nothing more is proved: ask the provider now.</summary>
    public sealed record AskNow : CallbackReading;

    /// <summary>The provider has proved that it is from it.</summary>
    /// <param name="UpstreamTaskId">Its id of the job, which may be news where the answer to the submit was lost.</param>
    /// <param name="Outcome">How the job stands.</param>
    public sealed record Told(string UpstreamTaskId, QueryOutcome Outcome) : CallbackReading;
}
