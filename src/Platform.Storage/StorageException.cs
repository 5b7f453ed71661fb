using Platform.Domain;

namespace Platform.Storage;

/// <summary>The database refused a statement: a constraint (a bug of the caller), a full disk, a file that cannot be opened.</summary>
public sealed class StorageException : StoreException
{
    /// <summary>Makes the exception.</summary>
    public StorageException()
    {
    }

    /// <summary>Makes the exception with what is wrong.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what is wrong and what caused it.</summary>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
