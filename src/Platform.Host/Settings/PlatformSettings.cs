using System.ComponentModel.DataAnnotations;

namespace Platform.Host.Settings;

/// <summary>
/// The settings of an installation, read from <c>Platform:*</c> (in the environment <c>Platform__*</c>); the table in product.md
/// section 9 is the contract.
/// </summary>
public sealed class PlatformSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Platform";

    /// <summary>The connection string of the database, under <c>ConnectionStrings</c>.</summary>
    public const string ConnectionName = "Platform";

    private const string SqliteStorage = "sqlite";
    private const string PostgresStorage = "postgres";

    /// <summary>Base of links; default the first listening address, required with <c>postgres</c>. Never taken from the Host header.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Where the SQLite file, media and generated secrets are kept (default <c>./data</c>).</summary>
    [Required]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>What this process does; only <c>all</c> so far.</summary>
    [AllowedValues("all", ErrorMessage = "Platform:Role must be 'all'.")]
    public string Role { get; set; } = "all";

    /// <summary>
    /// The store: <c>sqlite</c>, a file in the data directory that this process alone uses, or <c>postgres</c>, the database that
    /// <c>ConnectionStrings:Platform</c> names.
    /// </summary>
    [AllowedValues(SqliteStorage, PostgresStorage, ErrorMessage = "Platform:Storage must be 'sqlite' or 'postgres'.")]
    public string Storage { get; set; } = SqliteStorage;

    /// <summary>Where media are kept; only <c>folder</c> so far.</summary>
    [AllowedValues("folder", ErrorMessage = "Platform:Media must be 'folder'.")]
    public string Media { get; set; } = "folder";

    /// <summary>Name of the cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "platform";

    /// <summary>First operator key, at least 16 characters; generated in the data directory where it is not set.</summary>
    public string? AdminKey { get; set; }

    /// <summary>
    /// Secret that encrypts the keys by which stored secrets are sealed, at least 16 characters, the same for all processes and for
    /// ever. Where it is not set, generated in the data directory; with <c>postgres</c> the key that signs links, which replicas share. Whoever
    /// loses it loses all stored secrets.
    /// </summary>
    [MinLength(16)]
    public string? SecretsKey { get; set; }

    /// <summary>Where the silo is reached.</summary>
    public SiloSettings Silo { get; set; } = new();

    /// <summary>Limits of tenants.</summary>
    public LimitSettings Limits { get; set; } = new();

    /// <summary>The demo tenant.</summary>
    public DemoSettings Demo { get; set; } = new();

    /// <summary>What may be fetched.</summary>
    public EgressSettings Egress { get; set; } = new();

    /// <summary>The sandbox provider.</summary>
    public SandboxSettings Sandbox { get; set; } = new();

    /// <summary>Figures for Prometheus.</summary>
    public MetricsSettings Metrics { get; set; } = new();

    /// <summary>Where telemetry is sent.</summary>
    public OtlpSettings Otlp { get; set; } = new();

    /// <summary>Delivery of webhooks.</summary>
    public WebhookSettings Webhooks { get; set; } = new();

    /// <summary>Places at which a test lets the process die.</summary>
    public FaultSettings Faults { get; set; } = new();

    /// <summary>Whether the store is PostgreSQL, which other processes may use at the same time.</summary>
    internal bool UsesPostgres => Storage == PostgresStorage;
}

/// <summary>Delivery of webhooks.</summary>
public sealed class WebhookSettings
{
    /// <summary>How long the log of deliveries is kept (default 30 days).</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an endpoint may fail without a break before it is disabled (default 3 days).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long one try may take in total (default 10 s); must be well below 30 s, the lease of a delivery.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:20")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Where the silo is reached.</summary>
public sealed class SiloSettings
{
    /// <summary>Port between silos (default 11111).</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>Port for clients of the cluster (default 30000).</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;
}

/// <summary>Limits of tenants.</summary>
public sealed class LimitSettings
{
    /// <summary>Limits of tenants whose group and settings say nothing.</summary>
    public DefaultLimits Default { get; set; } = new();
}

/// <summary>Limits of tenants whose group and settings say nothing.</summary>
public sealed class DefaultLimits
{
    /// <summary>Most tasks that run at once (default 20).</summary>
    [Range(1, 1_000_000)]
    public int TasksInFlight { get; set; } = 20;

    /// <summary>Most accepted tasks that wait (default 1000).</summary>
    [Range(0, 1_000_000)]
    public int QueueLength { get; set; } = 1000;
}

/// <summary>The demo tenant.</summary>
public sealed class DemoSettings
{
    /// <summary>Whether there is one (default: with <c>sqlite</c>).</summary>
    public bool? Enabled { get; set; }

    /// <summary>Its key; generated in the data directory where it is not set.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Its credits (default 1000), granted once.</summary>
    [Range(0.0, 90_000_000_000.0)]
    public decimal Credits { get; set; } = 1000m;
}

/// <summary>What may be fetched on behalf of tenants.</summary>
public sealed class EgressSettings
{
    /// <summary>Private addresses; development only.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Plain HTTP; development only.</summary>
    public bool AllowHttp { get; set; }
}

/// <summary>The sandbox provider.</summary>
public sealed class SandboxSettings
{
    /// <summary>Whether it takes tasks (default true); it serves the demo tenant and test keys only, unless <see cref="Everyone"/>.</summary>
    public bool? Enabled { get; set; }

    /// <summary>How long it pretends to think (default 2 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether it serves every tenant and key at normal prices; development only.</summary>
    public bool Everyone { get; set; }
}

/// <summary>Places at which a test lets the process die.</summary>
public sealed class FaultSettings
{
    /// <summary>Name of a place, see <c>FaultPoint</c>; the process kills itself when it is reached. For tests only.</summary>
    public string? KillAt { get; set; }
}
