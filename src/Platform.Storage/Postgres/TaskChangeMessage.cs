using System.Globalization;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres;

/// <summary>The notifications that tell of changes: a line <c>tenant id version</c> for each task.</summary>
internal static class TaskChangeMessage
{
    /// <summary>The channel that they come on.</summary>
    public const string Channel = "platform_task_changes";

    /// <summary>The changes that a payload tells of.</summary>
    public static IEnumerable<(TenantId Tenant, TaskChange Change)> Read(string payload)
    {
        foreach (var line in payload.Split('\n'))
        {
            var parts = line.Split(' ');
            yield return (new(parts[0]), new(new(parts[1]), long.Parse(parts[2], CultureInfo.InvariantCulture)));
        }
    }
}
