using Platform.Domain.ServiceLevels;

namespace Platform.Api.ServiceLevels;

/// <summary>Makes the answer of counted ends.</summary>
internal static class ServiceStatusView
{
    /// <summary>Hours that are looked at, the running one among them.</summary>
    public const int Hours = 24;

    /// <summary>The whole UTC hours that are looked at.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) RangeAt(DateTimeOffset now)
    {
        var to = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour + 1), TimeSpan.Zero);
        return (to.AddHours(-Hours), to);
    }

    /// <param name="models">The models that are sold; those without an end are shown too.</param>
    /// <param name="ends">What was counted in the range.</param>
    /// <param name="now">When it was counted.</param>
    public static ServiceStatusObject Of(IEnumerable<string> models, IReadOnlyCollection<EndCount> ends, DateTimeOffset now)
    {
        var (from, to) = RangeAt(now);
        var byModel = ends.ToLookup(e => e.Model, StringComparer.Ordinal);
        return new(
            from.ToUnixTimeSeconds(),
            to.ToUnixTimeSeconds(),
            now.ToUnixTimeSeconds(),
            [.. models.Select(model => ModelOf(model, [.. byModel[model]]))]);
    }

    private static ModelStatusObject ModelOf(string model, List<EndCount> ends)
    {
        var all = ends.Count == 0 ? null : ServiceLevel.Of(ends);
        return new(
            model,
            ExactNumber.WithoutTrailingZeros(all?.SuccessRate),
            ExactNumber.WithoutTrailingZeros(all?.P50Seconds),
            ExactNumber.WithoutTrailingZeros(all?.P95Seconds),
            [.. ends.GroupBy(e => e.Hour).OrderBy(h => h.Key).Select(h => HourOf(h.Key, ServiceLevel.Of([.. h])))]);
    }

    private static HourStatusObject HourOf(DateTimeOffset hour, ServiceLevel level) => new(
        hour.ToUnixTimeSeconds(),
        ExactNumber.WithoutTrailingZeros(level.SuccessRate),
        ExactNumber.WithoutTrailingZeros(level.P50Seconds),
        ExactNumber.WithoutTrailingZeros(level.P95Seconds));
}
