namespace Platform.Domain;

/// <summary>
/// A store could not do what it was asked: it is away, or it refused a statement. Whoever may ask again without harm does so; what it was
/// underneath only the store knows.
/// </summary>
public class StoreException : Exception
{
    /// <summary>Says why.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what was underneath.</summary>
    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a text of its own.</summary>
    public StoreException()
    {
    }
}
