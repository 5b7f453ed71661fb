using System.ComponentModel.DataAnnotations;

namespace Platform.Api.ServiceLevels;

/// <summary>How the service does, measured on its own tasks. <c>from</c>, <c>to</c> and <c>updated_at</c> are unix seconds.</summary>
/// <param name="From">Begin of what was looked at.</param>
/// <param name="To">Its end.</param>
/// <param name="UpdatedAt">When it was measured.</param>
/// <param name="Data">The models.</param>
internal sealed record ServiceStatusObject(long From, long To, long UpdatedAt, IReadOnlyList<ModelStatusObject> Data)
{
    /// <summary>What this is.</summary>
    [AllowedValues("service_status")]
    public string Object { get; init; } = "service_status";
}

/// <summary>
/// A model over the 24 hours, and by the hour. A model or an hour in which nothing ended has no rate and no times: it was not measured.
/// </summary>
/// <param name="Model">Name of the model.</param>
/// <param name="SuccessRate">Completed ÷ (completed + failed), 0 to 1.</param>
/// <param name="P50Seconds">Half were done in this time, in seconds.</param>
/// <param name="P95Seconds">95 of 100 were done in this time, in seconds.</param>
/// <param name="Hours">The hours in which tasks ended.</param>
internal sealed record ModelStatusObject(
    string Model, decimal? SuccessRate, decimal? P50Seconds, decimal? P95Seconds, IReadOnlyList<HourStatusObject> Hours);

/// <summary>An hour that begins at <c>hour</c> (unix seconds).</summary>
/// <param name="Hour">Begin of the hour (unix seconds).</param>
/// <param name="SuccessRate">Completed ÷ (completed + failed), 0 to 1.</param>
/// <param name="P50Seconds">Half were done in this time, in seconds.</param>
/// <param name="P95Seconds">95 of 100 were done in this time, in seconds.</param>
internal sealed record HourStatusObject(long Hour, decimal SuccessRate, decimal? P50Seconds, decimal? P95Seconds);
