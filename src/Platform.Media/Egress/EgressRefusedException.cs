namespace Platform.Media.Egress;

/// <summary>
/// Carries a refusal through <see cref="HttpClient"/>, whose handlers can answer in no other way. Users of the client that
/// <see cref="EgressHttp.ClientName"/> names see it directly, or as the inner exception of an <see cref="HttpRequestException"/>
/// where it was raised on connecting; <see cref="Find"/> finds it in both.
/// </summary>
public sealed class EgressRefusedException : HttpRequestException
{
    /// <summary>Carries a refusal.</summary>
    public EgressRefusedException(EgressRefusal refusal)
        : base(refusal.Reason) => Refusal = refusal;

    /// <summary>An error with a text only.</summary>
    public EgressRefusedException(string message)
        : this(new EgressRefusal(message))
    {
    }

    /// <summary>An error with a text and what was underneath.</summary>
    public EgressRefusedException(string message, Exception innerException)
        : base(message, innerException) => Refusal = new EgressRefusal(message);

    /// <summary>An error without a text of its own.</summary>
    public EgressRefusedException()
        : this("The URL may not be fetched.")
    {
    }

    /// <summary>Why the URL is not fetched.</summary>
    public EgressRefusal Refusal { get; }

    /// <summary>The refusal that an exception carries, itself or inside; null where it is about something else.</summary>
    public static EgressRefusal? Find(Exception? exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is EgressRefusedException refused)
            {
                return refused.Refusal;
            }
        }

        return null;
    }
}
