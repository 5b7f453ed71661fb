namespace Platform.Api.ServiceLevels;

/// <summary>How the service does, measured on its own tasks. <c>from</c>, <c>to</c> and <c>updated_at</c> are unix seconds.</summary>
internal sealed record ServiceStatusObject(long From, long To, long UpdatedAt, IReadOnlyList<ModelStatusObject> Data)
{
    public string Object { get; init; } = "service_status";
}

/// <summary>
/// A model over the 24 hours, and by the hour. A model or an hour in which nothing ended has no rate and no times: it was not measured.
/// </summary>
internal sealed record ModelStatusObject(
    string Model, decimal? SuccessRate, decimal? P50Seconds, decimal? P95Seconds, IReadOnlyList<HourStatusObject> Hours);

/// <summary>An hour that begins at <c>hour</c> (unix seconds).</summary>
internal sealed record HourStatusObject(long Hour, decimal SuccessRate, decimal? P50Seconds, decimal? P95Seconds);
