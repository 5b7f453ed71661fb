using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.Host.Settings;

namespace Platform.Host.Telemetry;

/// <summary>Metrics, traces and logs: what is measured, and where it goes.</summary>
internal static class PlatformTelemetry
{
    private const string ServiceName = "platform";

    // Everything of ours is named Platform.*; Orleans has one meter and several sources.
    private const string OurNames = "Platform.*";
    private const string OrleansNames = "Microsoft.Orleans*";
    private const string PostgresNames = "Npgsql";

    /// <summary>Collects metrics always, because they cost next to nothing; traces and logs leave only where a collector is named.</summary>
    public static void AddPlatformTelemetry(this WebApplicationBuilder builder, PlatformSettings settings)
    {
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(ServiceName, serviceInstanceId: Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName)
            .AddAttributes([new("platform.cluster", settings.ClusterId), new("platform.role", settings.Role)]));

        if (settings.Metrics.Port != 0 || settings.Otlp.Endpoint is not null)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(OurNames, OrleansNames, PostgresNames, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                    .AddRuntimeInstrumentation();
                if (settings.Metrics.Port != 0)
                {
                    metrics.AddPrometheusExporter();
                }

                if (settings.Otlp.Endpoint is not null)
                {
                    metrics.AddOtlpExporter(otlp => SendTo(otlp, settings.Otlp, "metrics"));
                }
            });
        }

        if (settings.Metrics.Port != 0)
        {
            builder.Services.AddHostedService(p => ActivatorUtilities.CreateInstance<MetricsListener>(p, settings.Metrics));
        }

        if (settings.Otlp.Endpoint is not null)
        {
            telemetry.WithTracing(traces => traces
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Otlp.TraceShare)))
                .AddSource(OurNames, OrleansNames, PostgresNames)
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(otlp => SendTo(otlp, settings.Otlp, "traces")));
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.AddOtlpExporter(otlp => SendTo(otlp, settings.Otlp, "logs"));
            });
        }
    }

    private static void SendTo(OtlpExporterOptions exporter, OtlpSettings settings, string signal)
    {
        var grpc = string.Equals(settings.Protocol, "grpc", StringComparison.Ordinal);
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        // An endpoint that is set in code is taken as it is: over HTTP each signal has a path of its own.
        exporter.Endpoint = grpc ? settings.Endpoint! : new($"{settings.Endpoint!.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }
}
