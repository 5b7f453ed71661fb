using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Grains.Contracts;

/// <summary>The key of a task grain: tenant and task, so that no grain can be reached without naming its tenant.</summary>
public static class TaskGrainKey
{
    /// <summary>Writes a key.</summary>
    public static string Format(TenantId tenant, TaskId task) => $"{tenant.Value}/{task.Value}";

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">It was not written by <see cref="Format"/>.</exception>
    public static TaskKey Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? new(new TenantId(key[..slash]), new TaskId(key[(slash + 1)..]))
            : throw new FormatException($"'{key}' is no key of a task grain.");
    }
}
