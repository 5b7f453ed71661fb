using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tests.Tasks;

/// <summary>Tasks and the words of commands for tests.</summary>
internal static class TestTask
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly UpstreamFault Fault = new("500", "oops");

    public static readonly UpstreamOutput Output = new("https://up.example/v.mp4", 5m);

    public static readonly TaskError Error = new(TaskErrorCode.ServiceError, "Sorry.");

    public static readonly Route Route = new()
    {
        Id = "r",
        Model = MotionControlModel.Id,
        Upstream = "up",
        Account = "acc",
        CostPerSecondUsd = ImmutableSortedDictionary<string, decimal>.Empty.Add("720p", 0.05m),
    };

    public static readonly UpstreamCapabilities Capable = new()
    {
        CanCancel = true,
        CanFindByReference = true,
        CallTimeout = TimeSpan.FromSeconds(30),
        SendWindow = TimeSpan.FromSeconds(10),
        MinPollInterval = TimeSpan.FromSeconds(1),
        MaxPollInterval = TimeSpan.FromSeconds(30),
    };

    public static readonly ImmutableArray<CopiedInput> Inputs =
    [
        new(MediaKind.Image, "inputs/i", new(1, "00"), new MediaInfo { Format = MediaFormat.Png, Width = 1000, Height = 1000 }),
        new(MediaKind.Video, "inputs/v", new(1, "00"), new MediaInfo { Format = MediaFormat.Mp4, Width = 1000, Height = 1000, DurationSeconds = 5m }),
    ];

    public static GenerationTask Accepted()
    {
        var price = PriceSnapshot.Of(MotionControlModel.Definition.PriceAt(Start), "720p", "default", 1m);
        return new()
        {
            Tenant = new("ten_x"),
            Id = new("task-unified-1"),
            Version = 1,
            CreatedAt = Start,
            ApiKeyId = "key_x",
            Request = new()
            {
                Model = MotionControlModel.Id,
                ImageUrl = "https://a",
                VideoUrl = "https://b",
                Quality = "720p",
                CharacterOrientation = "image",
            },
            Price = price,
            MayUseSandbox = false,
            ReservedSeconds = 5,
            CreditsReserved = price.UnitPrice * 5,
            QueueDeadline = Start.AddHours(24),
            GenerationTimeout = TimeSpan.FromHours(1),
            EstimatedSeconds = 180,
            Phase = new TaskPhase.Accepted(),
        };
    }

    /// <summary>A task in a phase, with the attempt <c>a1</c> where it has one; what has to be sent had to be so by 10 s from the start.</summary>
    public static GenerationTask In(string phase) => phase switch
    {
        "Accepted" => Accepted(),
        "Ready" => Given(Accepted(), RecordInputs()),
        "Submitting" => Given(In("Ready"), StartAttempt("a1")),
        "InDoubt" => Given(In("Submitting"), RecordUnclear("a1")),
        "Running" => Given(In("Submitting"), RecordAccepted("a1")),
        "Storing" => Given(In("Running"), RecordOutput("a1")),
        "Ended" => Given(In("Running"), Fail()),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Not a phase."),
    };

    public static GenerationTask Given(GenerationTask task, params TaskCommand[] commands) => commands.Aggregate(task, (state, command) =>
    {
        var decision = TaskDecider.Decide(state, command);
        decision.Refusal.Should().BeNull("what is given must be possible");
        decision.Events.Should().NotBeEmpty("what is given must have an effect");
        return TaskDecider.Apply(state, decision.Events);
    });

    public static StoredResult Stored(decimal? seconds = 5m) => new(
        "results/r", new(1, "00"), new MediaInfo { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = seconds });

    public static TaskCommand RecordInputs(DateTimeOffset? now = null) => new TaskCommand.RecordInputs(Inputs) { Now = now ?? Start };

    public static TaskCommand StartAttempt(string id, DateTimeOffset? now = null, Route? route = null) =>
        new TaskCommand.StartAttempt(id, route ?? Route, [], (now ?? Start).AddSeconds(10)) { Now = now ?? Start };

    public static TaskCommand RecordAccepted(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordAccepted(id, $"job-{id}") { Now = now ?? Start };

    public static TaskCommand RecordRefused(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordRefused(id, AttemptEnding.Refused, Fault, now ?? Start) { Now = now ?? Start };

    public static TaskCommand RecordUnclear(string id, DateTimeOffset? now = null) => new TaskCommand.RecordUnclear(id, Fault) { Now = now ?? Start };

    public static TaskCommand RecordNotFound(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordNotFound(id, (now ?? Start).AddSeconds(10)) { Now = now ?? Start };

    public static TaskCommand RecordOutput(string id, DateTimeOffset? now = null) => new TaskCommand.RecordOutput(id, Output) { Now = now ?? Start };

    public static TaskCommand RecordAttemptFailed(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordAttemptFailed(id, TaskErrorCode.ServiceError, Fault) { Now = now ?? Start };

    public static TaskCommand RecordNoOutput(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordNoOutput(id, Fault) { Now = now ?? Start };

    public static TaskCommand RequestCancel(DateTimeOffset? now = null) => new TaskCommand.RequestCancel { Now = now ?? Start };

    public static TaskCommand RecordCancelDeclined(string id, DateTimeOffset? now = null) =>
        new TaskCommand.RecordCancelDeclined(id, Fault) { Now = now ?? Start };

    public static TaskCommand Complete(DateTimeOffset? now = null, decimal? seconds = 5m) =>
        new TaskCommand.Complete(Stored(seconds)) { Now = now ?? Start };

    public static TaskCommand Fail(DateTimeOffset? now = null) => new TaskCommand.Fail(Error, null) { Now = now ?? Start };

    public static TaskCommand EraseMedia(DateTimeOffset? now = null) => new TaskCommand.EraseMedia { Now = now ?? Start };

    public static TaskCommand Cancel(bool upstreamStopped, DateTimeOffset? now = null) => new TaskCommand.Cancel(upstreamStopped) { Now = now ?? Start };
}
