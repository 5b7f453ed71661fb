namespace Platform.Storage;

/// <summary>What the host does with the store before anything else uses it.</summary>
public interface IStoreMaintenance
{
    /// <summary>
    /// Brings the schema to what this program needs. Migrations only go forward; where nothing is to be done, nothing is written. Two
    /// processes may call it at once: one waits for the other.
    /// </summary>
    /// <exception cref="StorageException">The store was made by a newer program, or it cannot be opened.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);
}
