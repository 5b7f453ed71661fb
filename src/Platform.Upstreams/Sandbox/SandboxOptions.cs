using System.ComponentModel.DataAnnotations;

namespace Platform.Upstreams.Sandbox;

/// <summary>Knobs of the sandbox upstream; checked at start.</summary>
public sealed class SandboxOptions : IValidatableObject
{
    /// <summary>Longest that <c>[sandbox:late=…]</c> may ask for.</summary>
    internal static readonly TimeSpan MaxLate = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether the sandbox takes jobs and renders; default true. Where false, submits are refused as by a dead account, and
    /// jobs that are stored already can still be asked for.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long a job pretends to think before it is rendered; default 2 s, 0–1 h. Raise it to watch a task being processed.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Renders at the same time in this process; default the number of processors but at most 4, 1–64. Each may take
    /// <see cref="RenderThreads"/> processors and <see cref="MaxMemoryBytes"/>.
    /// </summary>
    public int Parallelism { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Threads of one ffmpeg; default 1, 1–16. More make one job quicker and many jobs no quicker.</summary>
    public int RenderThreads { get; set; } = 1;

    /// <summary>Name or absolute path of ffmpeg; default <c>ffmpeg</c>, looked for in <c>PATH</c>. It must have libx264.</summary>
    public string FfmpegPath { get; set; } = "ffmpeg";

    /// <summary>
    /// Folder for the files of running renders; default <c>platform-sandbox</c> in the system's temporary folder. Created when
    /// needed; what renders of dead processes left in it is removed at start once it is old enough to belong to nobody.
    /// </summary>
    public string WorkDirectory { get; set; } = Path.Combine(Path.GetTempPath(), "platform-sandbox");

    /// <summary>
    /// Whether jobs that are marked as rendering are given back to the queue at start; default false. True is right only where
    /// this is the one process on its store: the renderers of its predecessor are dead then, and nobody need wait for their lease.
    /// </summary>
    public bool RequeueAtStart { get; set; }

    /// <summary>
    /// How long after its last sign of life a renderer loses a job to another; default 30 s, 5 s – 1 h. It gives one every third of that.
    /// Shorter brings back sooner what a dead process was rendering; a starved one renders in vain.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest run of one ffmpeg by the clock on the wall; default 4 min, 1 s–30 min.</summary>
    public TimeSpan RenderTimeout { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>Most processor time of one ffmpeg, over all its threads; default 4 min, 1 s–2 h, counted in whole seconds.</summary>
    public TimeSpan MaxProcessorTime { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>Most address space of one ffmpeg in bytes; default 2 GiB, at least 256 MiB. Very large images need much of it.</summary>
    public long MaxMemoryBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Largest output in bytes; default 128 MiB, at least 1 MiB. A 30 s job at 1080p stays below 40 MiB.</summary>
    public long MaxOutputBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>
    /// Whether <c>[sandbox:refuse=account]</c> is understood; default false. It makes the sandbox answer as a dead account
    /// does, and a platform that believes it stops using the account for every tenant: for development only.
    /// </summary>
    public bool AllowAccountRefusal { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Latency < TimeSpan.Zero || Latency > TimeSpan.FromHours(1))
        {
            yield return Bad(nameof(Latency), "must be between 0 and 1 hour");
        }

        if (Parallelism is < 1 or > 64)
        {
            yield return Bad(nameof(Parallelism), "must be between 1 and 64");
        }

        if (RenderThreads is < 1 or > 16)
        {
            yield return Bad(nameof(RenderThreads), "must be between 1 and 16");
        }

        if (string.IsNullOrWhiteSpace(FfmpegPath))
        {
            yield return Bad(nameof(FfmpegPath), "must name a program");
        }

        if (string.IsNullOrWhiteSpace(WorkDirectory))
        {
            yield return Bad(nameof(WorkDirectory), "must name a folder");
        }

        if (RenderTimeout < TimeSpan.FromSeconds(1) || RenderTimeout > TimeSpan.FromMinutes(30))
        {
            yield return Bad(nameof(RenderTimeout), "must be between 1 second and 30 minutes");
        }

        if (Lease < TimeSpan.FromSeconds(5) || Lease > TimeSpan.FromHours(1))
        {
            yield return Bad(nameof(Lease), "must be between 5 seconds and 1 hour");
        }

        if (MaxProcessorTime < TimeSpan.FromSeconds(1) || MaxProcessorTime > TimeSpan.FromHours(2))
        {
            yield return Bad(nameof(MaxProcessorTime), "must be between 1 second and 2 hours");
        }

        if (MaxMemoryBytes < 256L * 1024 * 1024)
        {
            yield return Bad(nameof(MaxMemoryBytes), "must be at least 256 MiB");
        }

        if (MaxOutputBytes < 1024 * 1024)
        {
            yield return Bad(nameof(MaxOutputBytes), "must be at least 1 MiB");
        }

        static ValidationResult Bad(string property, string rule) => new($"Sandbox option {property} {rule}.", [property]);
    }
}
