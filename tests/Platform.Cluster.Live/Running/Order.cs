namespace Platform.Cluster.Live.Running;

/// <summary>What a task is to go through, and how it must end whatever dies meanwhile.</summary>
/// <param name="Prompt">What the sandbox is told.</param>
/// <param name="Ends">The ends that are right.</param>
/// <param name="Cancel">Whether it is cancelled after it was accepted.</param>
internal sealed record Order(string Prompt, IReadOnlyList<string> Ends, bool Cancel = false)
{
    /// <summary>What a completed one costs: one second at 720p, in units of 10⁻⁸ credits.</summary>
    public const long Price = 816_480_000;

    private static readonly string[] Completed = ["completed"];
    private static readonly string[] Failed = ["failed"];

    /// <summary>The orders of a load, in turn. Rendering takes most of the processor, so that two of five tasks are rendered.</summary>
    public static IReadOnlyList<Order> Mix { get; } =
    [
        new("[sandbox:short=0.5][sandbox:late=6s]", Completed),
        new("[sandbox:fail=generation_failed_no_content][sandbox:late=8s]", Failed),
        new("[sandbox:unclear][sandbox:fail=content_policy_violation][sandbox:late=4s]", Failed),
        new("[sandbox:short=0.5][sandbox:unclear][sandbox:late=10s]", Completed),
        new("[sandbox:fail=service_error][sandbox:late=12s]", Failed),
        new("[sandbox:late=8s][sandbox:short=0.5]", ["completed", "cancelled"], Cancel: true),
        new("[sandbox:fail=resource_exhausted][sandbox:late=10s]", Failed),
        new("[sandbox:refuse=policy]", Failed),
    ];
}
