using System.Globalization;
using Platform.Domain.Tasks;

namespace Platform.Storage.Postgres;

/// <summary>
/// The months that rows are partitioned by, as numbers <c>yyyymm</c> in UTC. The month of a task is a function of its id, which carries
/// its time: whoever knows the id knows where its rows are.
/// </summary>
internal static class TaskMonth
{
    /// <summary>The month of ids that carry no time; its rows are in the default partition.</summary>
    public const int None = 0;

    // The end of the year 9999.
    private const long LastSecond = 253_402_300_799;

    /// <summary>The month of a task's rows.</summary>
    public static int Of(TaskId id)
    {
        var rest = id.Value.AsSpan(TaskId.Prefix.Length);
        var end = rest.IndexOf('-');
        return end > 0
            && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= LastSecond
                ? Of(DateTimeOffset.FromUnixTimeSeconds(seconds))
                : None;
    }

    /// <summary>The month of a time.</summary>
    public static int Of(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return (utc.Year * 100) + utc.Month;
    }
}
