namespace Platform.Storage.Json;

/// <summary>A stored document cannot be read: a newer program wrote it, or it was damaged.</summary>
public sealed class StoredJsonException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoredJsonException()
    {
    }

    /// <summary>Makes the exception with what is wrong.</summary>
    public StoredJsonException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what is wrong and what caused it.</summary>
    public StoredJsonException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
