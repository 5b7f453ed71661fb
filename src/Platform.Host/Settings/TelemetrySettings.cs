using System.ComponentModel.DataAnnotations;

namespace Platform.Host.Settings;

/// <summary>Figures for Prometheus, at <c>/metrics</c> on a port of their own, so that they are never reachable where tenants are.</summary>
public sealed class MetricsSettings
{
    /// <summary>Port (default 9464); 0 serves none. A port that is taken is a warning, not the end of the program.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 9464;

    /// <summary>Address to listen on (default loopback). On a cluster: the address at which Prometheus reaches the pod.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";
}

/// <summary>Where telemetry is sent.</summary>
public sealed class OtlpSettings
{
    /// <summary>
    /// Collector for traces, metrics and logs, for example <c>http://127.0.0.1:4317</c>; nothing is sent unless it is set. Traces are only
    /// made where it is set: each request then costs an activity.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How the collector is spoken to: <c>grpc</c> (default) or <c>http</c> (protobuf; the endpoint is then the collector's base URL).</summary>
    [AllowedValues("grpc", "http", ErrorMessage = "Platform:Otlp:Protocol must be 'grpc' or 'http'.")]
    public string Protocol { get; set; } = "grpc";

    /// <summary>Share of new traces that are kept, 0–1 (default 1). Callers that send a sampled <c>traceparent</c> are always followed.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 1.0;
}
