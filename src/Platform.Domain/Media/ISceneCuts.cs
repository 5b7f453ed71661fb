using System.Collections.Immutable;
using Platform.Domain.Tenants;

namespace Platform.Domain.Media;

/// <summary>Finds the cuts of a motion clip, for warnings; nothing is refused for them.</summary>
public interface ISceneCuts
{
    /// <summary>
    /// Finds the cuts of a clip that the tenant uploaded. Null where that is not known: for other URLs, where no program can tell, or not
    /// yet, where it takes longer than a caller should wait; then a later call may know.
    /// </summary>
    /// <param name="tenant">Whose own files may be named.</param>
    /// <param name="url">The URL as given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Times of the first frames behind a cut, in seconds, rising.</returns>
    Task<ImmutableArray<decimal>?> FindAsync(TenantId tenant, string url, CancellationToken cancellationToken);
}
