using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Storage.Tests.Json;

/// <summary>What the golden files of version 1 say. A file, once committed, is never changed: it stands for rows of real databases.</summary>
internal static class GoldenSamples
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly UpstreamFault Fault = new("429/1303", "busy <now> – später");
    private static readonly UpstreamOutput Output = new("https://cdn.example.com/v.mp4?x=1&y=2", 5.04m);
    private static readonly TaskError Error = new(TaskErrorCode.ContentPolicyViolation, "The image breaks the content policy.");

    private static readonly CopiedInput[] Inputs =
    [
        new(MediaKind.Image, "inputs/ten_a/t/image", new(10_000, new string('1', 64)), new() { Format = MediaFormat.Jpeg, Width = 720, Height = 1280 }),
        new(MediaKind.Video, "inputs/ten_a/t/video", new(2_000_000, new string('2', 64)), new()
        {
            Format = MediaFormat.Mov,
            Width = 1080,
            Height = 1920,
            DurationSeconds = 4.966633m,
            HasAudio = true,
        }),
    ];

    private static readonly GenerationTask Accepted = Samples.Task(new TenantId("ten_a"), Samples.TaskId(1), Noon, CreditAmount.From(40.82400001m));

    private static readonly GenerationTask Bare = Accepted with
    {
        InspectedSeconds = null,
        Request = new()
        {
            Model = "kling-v3-motion-control",
            ImageUrl = "https://example.com/a.png",
            VideoUrl = "https://example.com/b.mp4",
            Quality = "1080p",
            CharacterOrientation = "image",
        },
    };

    private static readonly Attempt Refused = new()
    {
        Id = "att_1",
        RouteId = "cheap",
        Upstream = "kling",
        Account = "main",
        CostPerSecondUsd = 0.0283m,
        StartedAt = Noon.AddSeconds(3),
        SendBy = Noon.AddSeconds(33),
        Sends = 2,
        EndedAt = Noon.AddSeconds(5),
        Ending = AttemptEnding.Failed,
        Error = TaskErrorCode.ServiceError,
        Fault = Fault,
    };

    private static readonly GenerationTask Running = Accepted with
    {
        Version = 7,
        Inputs = [.. Inputs],
        Attempts = [Refused, Refused with { Id = "att_2", RouteId = "dear", Sends = 1, EndedAt = null, Ending = null, Error = null, Fault = null, UpstreamTaskId = "up-2" }],
        GenerationDeadline = Noon.AddHours(1),
        ProgressFloor = 10,
        MayUseSandbox = true,
        Phase = new TaskPhase.Running("up-2"),
    };

    public static IReadOnlyDictionary<string, GenerationTask> Tasks { get; } = new Dictionary<string, GenerationTask>(StringComparer.Ordinal)
    {
        ["accepted"] = Accepted,
        ["accepted-bare"] = Bare with { Request = Bare.Request with { KeepSound = false, Watermark = true, ElementId = "el_1", CallbackUrl = "https://example.com/hook" } },
        ["ready"] = Accepted with { Inputs = [.. Inputs], Phase = new TaskPhase.Ready(Noon.AddSeconds(2)) },
        ["submitting"] = Running with { Phase = new TaskPhase.Submitting() },
        ["in-doubt"] = Running with { Phase = new TaskPhase.InDoubt(Noon.AddSeconds(40)), CancelRequested = true },
        ["running"] = Running with { CancelRequested = true, CancelDeclined = true },
        ["running-in-slot"] = Running with
        {
            Attempts = [Refused with { Slot = 3, CostUsd = 0.1415m }, Running.Attempts[1] with { Slot = 12 }],
        },
        ["storing"] = Running with { Phase = new TaskPhase.Storing(Output) },
        ["completed"] = Running with
        {
            Phase = new TaskPhase.Ended(new TaskOutcome.Completed(Samples.Result, 5, CreditAmount.From(40.824m))),
            EndedAt = Noon.AddMinutes(3),
        },
        ["failed"] = Running with { Phase = new TaskPhase.Ended(new TaskOutcome.Failed(Error)), EndedAt = Noon.AddMinutes(3) },
        ["cancelled"] = Accepted with { Phase = new TaskPhase.Ended(new TaskOutcome.Cancelled()), EndedAt = Noon.AddMinutes(3), CancelRequested = true },
        ["media-erased"] = Running with
        {
            Version = 9,
            Phase = new TaskPhase.Ended(new TaskOutcome.Completed(Samples.Result, 5, CreditAmount.From(40.824m))),
            EndedAt = Noon.AddMinutes(3),
            MediaDeletedAt = Noon.AddDays(1),
        },
        ["of-a-batch"] = Accepted with { BodyDigest = new string('b', 64), BatchId = "batch_1" },
    };

    public static IReadOnlyDictionary<string, TaskEvent> Events { get; } = new Dictionary<string, TaskEvent>(StringComparer.Ordinal)
    {
        ["accepted"] = new TaskEvent.Accepted(CreditAmount.From(40.82400001m), 5, Queued: true) { At = Noon },
        ["inputs_copied"] = new TaskEvent.InputsCopied([.. Inputs]) { At = Noon },
        ["attempt_started"] = new TaskEvent.AttemptStarted(
            "att_1", "cheap", "kling", "main", 0.0283m, Noon.AddSeconds(30), [new RouteRejection("dear", "disabled", true), new RouteRejection("x", "lossy", false)])
        { At = Noon },
        ["attempt_accepted"] = new TaskEvent.AttemptAccepted("att_1", "up-1") { At = Noon },
        ["attempt_refused"] = new TaskEvent.AttemptRefused("att_1", AttemptEnding.Busy, Fault, Noon.AddSeconds(9)) { At = Noon },
        ["attempt_unclear"] = new TaskEvent.AttemptUnclear("att_1", Fault) { At = Noon },
        ["attempt_resent"] = new TaskEvent.AttemptResent("att_1", Noon.AddSeconds(60)) { At = Noon },
        ["output_ready"] = new TaskEvent.OutputReady("att_1", Output) { At = Noon },
        ["attempt_failed"] = new TaskEvent.AttemptFailed("att_1", TaskErrorCode.GenerationFailedNoContent, Fault) { At = Noon },
        ["cancel_requested"] = new TaskEvent.CancelRequested { At = Noon },
        ["cancel_declined"] = new TaskEvent.CancelDeclined("att_1", Fault) { At = Noon },
        ["completed"] = new TaskEvent.Completed(Samples.Result, 5, CreditAmount.From(40.824m)) { At = Noon },
        ["failed"] = new TaskEvent.Failed(Error, Fault) { At = Noon },
        ["cancelled"] = new TaskEvent.Cancelled(UpstreamStopped: true) { At = Noon },
        ["abandoned_cleared"] = new TaskEvent.AbandonedCleared("att_1", Fault) { At = Noon },
        ["media_erased"] = new TaskEvent.MediaErased { At = Noon },
        ["late_output"] = new TaskEvent.LateOutput("att_1", new("blob:results/x", null)) { At = Noon },
    };

    public static IReadOnlyList<Lot> Lots { get; } =
        [new("grant-1", CreditAmount.From(0.00000001m), Noon.AddDays(1)), new("grant-2", CreditAmount.From(89_999_999_999.12345678m), null)];

    public static IReadOnlyDictionary<string, BatchAnswer> Batches { get; } = new Dictionary<string, BatchAnswer>(StringComparer.Ordinal)
    {
        ["batch"] = new("batch_1",
        [
            new(Samples.TaskId(1), null),
            new(null, new(ItemRefusalReason.Invalid) { Error = """{"code":"invalid_parameter","message":"'quality' – ü"}""" }),
            new(null, new(ItemRefusalReason.InsufficientCredits) { Needed = CreditAmount.From(40.824m), Available = CreditAmount.From(0.00000001m) }),
            new(null, new(ItemRefusalReason.QueueFull)),
            new(null, new(ItemRefusalReason.NoAvailableChannel)),
            new(null, new(ItemRefusalReason.AboveLimit) { Needed = CreditAmount.From(40.824m), Available = CreditAmount.From(40m) }),
            new(null, new(ItemRefusalReason.QuoteExpired)),
        ]),
        ["above-quote"] = new(
            "batch_2", [new(null, new(ItemRefusalReason.AboveQuote) { Needed = CreditAmount.From(40.824m), Available = CreditAmount.From(40m) })]),
    };

    public static IReadOnlyList<LotSlice> Slices { get; } = [new("grant-1", CreditAmount.From(40.824m), null)];
}
