using System.Diagnostics.Metrics;

namespace Platform.Grains.Upstreams;

/// <summary>What is measured of upstreams, by account and route; both come from the settings and are few.</summary>
internal sealed class UpstreamMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Platform.Upstreams";

    private readonly UpDownCounter<long> _out;
    private readonly Counter<long> _opened;

    public UpstreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _out = meter.CreateUpDownCounter<long>(
            "platform.upstream.account_out", "{account}", "Whether an account is out of funds or barred: 1 while it is");
        _opened = meter.CreateCounter<long>("platform.upstream.breaker_opened", "{opening}", "Openings of a route's breaker");
    }

    public void AccountOut(string account) => _out.Add(1, new KeyValuePair<string, object?>("account", account));

    public void AccountBack(string account) => _out.Add(-1, new KeyValuePair<string, object?>("account", account));

    public void BreakerOpened(string route) => _opened.Add(1, new KeyValuePair<string, object?>("route", route));
}
