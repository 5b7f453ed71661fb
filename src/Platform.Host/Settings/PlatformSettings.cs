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

    /// <summary>
    /// What this process does (default <c>all</c>): <c>api</c> answers the public API as a client of the cluster, <c>silo</c> hosts grains
    /// and answers probes only, <c>all</c> does both, <c>migrate</c> brings the store's schema up to date and ends.
    /// </summary>
    [AllowedValues(HostRole.All, HostRole.Api, HostRole.Silo, HostRole.Migrate, ErrorMessage = "must be 'all', 'api', 'silo' or 'migrate'.")]
    public string Role { get; set; } = HostRole.All;

    /// <summary>
    /// The store: <c>sqlite</c>, a file in the data directory that this process alone uses, or <c>postgres</c>, the database that
    /// <c>ConnectionStrings:Platform</c> names.
    /// </summary>
    [AllowedValues(SqliteStorage, PostgresStorage, ErrorMessage = "must be 'sqlite' or 'postgres'.")]
    public string Storage { get; set; } = SqliteStorage;

    /// <summary>Where media are kept; only <c>folder</c> so far.</summary>
    [AllowedValues("folder", ErrorMessage = "must be 'folder'.")]
    public string Media { get; set; } = "folder";

    /// <summary>Name of the cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "platform";

    /// <summary>
    /// First operator key, at least 16 characters; generated in the data directory where it is not set, which only one machine can do:
    /// with <c>postgres</c> it is required.
    /// </summary>
    [MinLength(16)]
    public string? AdminKey { get; set; }

    /// <summary>
    /// Key that signs links, at least 32 characters, the same on every replica; generated in the data directory where it is not set,
    /// required with <c>postgres</c>.
    /// </summary>
    [MinLength(32)]
    public string? LinkSigningKey { get; set; }

    /// <summary>The key that signed links before; still accepted while links that it signed last (24 hours).</summary>
    [MinLength(32)]
    public string? PreviousLinkSigningKey { get; set; }

    /// <summary>Where the silo is reached, and how the silos watch each other.</summary>
    public SiloSettings Silo { get; set; } = new();

    /// <summary>How what is due is brought back.</summary>
    public SweeperSettings Sweeper { get; set; } = new();

    /// <summary>How the process ends when it is asked to.</summary>
    public ShutdownSettings Shutdown { get; set; } = new();

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

    /// <summary>Routes by name: which account makes which model, at which cost.</summary>
    public IDictionary<string, RouteSettings> Routes { get; } = new Dictionary<string, RouteSettings>(StringComparer.Ordinal);

    /// <summary>What single tenants may use, by their ids.</summary>
    public IDictionary<string, TenantRoutingSettings> Tenants { get; } = new Dictionary<string, TenantRoutingSettings>(StringComparer.Ordinal);

    /// <summary>Places at which a test lets the process die.</summary>
    public FaultSettings Faults { get; set; } = new();

    /// <summary>Whether the store is PostgreSQL, which other processes may use at the same time.</summary>
    internal bool UsesPostgres => Storage == PostgresStorage;
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

    /// <summary>Renders at the same time in this process (1 – 64); default the number of processors but at most 4.</summary>
    [Range(1, 64)]
    public int? Parallelism { get; set; }

    /// <summary>
    /// How long after its last sign of life a process loses a render to another one (default 30 s, 5 s – 1 h). Shorter brings back sooner
    /// what a dead process was rendering.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Places at which a test lets the process die.</summary>
public sealed class FaultSettings
{
    /// <summary>Name of a place, see <c>FaultPoint</c>; the process kills itself when it is reached. For tests only.</summary>
    public string? KillAt { get; set; }

    /// <summary>
    /// A file in which such a name may be put while the process runs; it is looked at whenever a place is reached. For tests only.
    /// </summary>
    public string? KillFile { get; set; }
}
