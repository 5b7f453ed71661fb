using System.Collections.Immutable;
using System.Text.Json;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Json;

/// <summary>Writes and reads the state of a task.</summary>
internal static class TaskCodec
{
    private const string Name = "task";

    /// <summary>Name of a phase, in the document and in the row's column.</summary>
    public static string PhaseName(TaskPhase phase) => phase switch
    {
        TaskPhase.Accepted => "accepted",
        TaskPhase.Ready => "ready",
        TaskPhase.Submitting => "submitting",
        TaskPhase.InDoubt => "in_doubt",
        TaskPhase.Running => "running",
        TaskPhase.Storing => "storing",
        TaskPhase.Ended { Outcome: TaskOutcome.Completed } => "completed",
        TaskPhase.Ended { Outcome: TaskOutcome.Failed } => "failed",
        TaskPhase.Ended { Outcome: TaskOutcome.Cancelled } => "cancelled",
        _ => throw new InvalidOperationException($"Unknown phase {phase.GetType().Name}."),
    };

    /// <summary>The document of a task.</summary>
    public static byte[] Write(GenerationTask task) => JsonSerializer.SerializeToUtf8Bytes(
        new TaskDocument
        {
            V = TaskDocument.Current,
            Key = task.ApiKeyId,
            Request = Write(task.Request),
            Price = Write(task.Price),
            Sandbox = task.MayUseSandbox,
            ReservedSeconds = task.ReservedSeconds,
            InspectedSeconds = task.InspectedSeconds,
            Reserved = task.CreditsReserved.Value,
            QueueDeadline = UnixTime.Of(task.QueueDeadline),
            GenerationDeadline = UnixTime.Of(task.GenerationDeadline),
            GenerationTimeout = (long)task.GenerationTimeout.TotalMilliseconds,
            EstimatedSeconds = task.EstimatedSeconds,
            Phase = Write(task.Phase),
            Inputs = Parts.Write(task.Inputs),
            Attempts = task.Attempts.IsDefaultOrEmpty ? null : [.. task.Attempts.Select(Write)],
            CancelRequested = task.CancelRequested,
            CancelDeclined = task.CancelDeclined,
            ProgressFloor = task.ProgressFloor,
            MediaDeletedAt = UnixTime.Of(task.MediaDeletedAt),
            Body = task.BodyDigest,
            Batch = task.BatchId,
        },
        StoredJson.Compact.TaskDocument);

    /// <summary>The task of a row and its document.</summary>
    /// <exception cref="StoredJsonException">The document has an unknown version or lacks something.</exception>
    public static GenerationTask Read(
        TenantId tenant, TaskId id, long version, DateTimeOffset createdAt, DateTimeOffset? endedAt, ReadOnlySpan<byte> json)
    {
        var document = Required(JsonSerializer.Deserialize(json, StoredJson.Compact.TaskDocument), "document");
        StoredJson.CheckVersion(Name, document.V, TaskDocument.Current);
        return new()
        {
            Tenant = tenant,
            Id = id,
            Version = version,
            CreatedAt = createdAt,
            EndedAt = endedAt,
            ApiKeyId = Required(document.Key, "key"),
            Request = Read(Required(document.Request, "request")),
            Price = Read(Required(document.Price, "price")),
            MayUseSandbox = document.Sandbox,
            ReservedSeconds = document.ReservedSeconds,
            InspectedSeconds = document.InspectedSeconds,
            CreditsReserved = CreditAmount.From(document.Reserved),
            QueueDeadline = UnixTime.ToTime(document.QueueDeadline),
            GenerationDeadline = UnixTime.ToTime(document.GenerationDeadline),
            GenerationTimeout = TimeSpan.FromMilliseconds(document.GenerationTimeout),
            EstimatedSeconds = document.EstimatedSeconds,
            Phase = Read(Required(document.Phase, "phase")),
            Inputs = Parts.Read(document.Inputs),
            Attempts = document.Attempts is null ? [] : [.. document.Attempts.Select(Read)],
            CancelRequested = document.CancelRequested,
            CancelDeclined = document.CancelDeclined,
            ProgressFloor = document.ProgressFloor,
            MediaDeletedAt = UnixTime.ToTime(document.MediaDeletedAt),
            BodyDigest = document.Body,
            BatchId = document.Batch,
        };
    }

    private static RequestDocument Write(GenerationRequest request) => new()
    {
        Model = request.Model,
        Image = request.ImageUrl,
        Video = request.VideoUrl,
        Prompt = request.Prompt,
        Quality = request.Quality,
        Orientation = request.CharacterOrientation,
        Sound = request.KeepSound,
        Watermark = request.Watermark,
        Element = request.ElementId,
        Callback = request.CallbackUrl,
        Metadata = request.Metadata.IsEmpty ? null : request.Metadata.ToDictionary(StringComparer.Ordinal),
        EndUser = request.EndUser,
    };

    private static GenerationRequest Read(RequestDocument request) => new()
    {
        Model = Required(request.Model, "request.model"),
        ImageUrl = Required(request.Image, "request.image"),
        VideoUrl = Required(request.Video, "request.video"),
        Prompt = request.Prompt,
        Quality = Required(request.Quality, "request.quality"),
        CharacterOrientation = Required(request.Orientation, "request.orientation"),
        KeepSound = request.Sound,
        Watermark = request.Watermark,
        ElementId = request.Element,
        CallbackUrl = request.Callback,
        Metadata = request.Metadata is null
            ? ImmutableSortedDictionary<string, string>.Empty
            : ImmutableSortedDictionary<string, string>.Empty.AddRange(request.Metadata),
        EndUser = request.EndUser,
    };

    private static PriceDocument Write(PriceSnapshot price) => new()
    {
        Version = price.PriceVersion,
        Base = price.BasePerSecond.Value,
        Quality = price.QualityMultiplier,
        Group = price.UserGroup,
        GroupFactor = price.GroupMultiplier,
        Unit = price.UnitPrice.Value,
        Rounding = price.Rounding,
        PerUsd = price.CreditsPerUsd,
    };

    private static PriceSnapshot Read(PriceDocument price) => new()
    {
        PriceVersion = price.Version,
        BasePerSecond = CreditAmount.From(price.Base),
        QualityMultiplier = price.Quality,
        UserGroup = Required(price.Group, "price.group"),
        GroupMultiplier = price.GroupFactor,
        UnitPrice = CreditAmount.From(price.Unit),
        Rounding = price.Rounding,
        CreditsPerUsd = price.PerUsd,
    };

    private static PhaseDocument Write(TaskPhase phase)
    {
        var name = PhaseName(phase);
        return phase switch
        {
            TaskPhase.Ready p => new() { Is = name, NotBefore = UnixTime.Of(p.NotBefore) },
            TaskPhase.InDoubt p => new() { Is = name, Since = UnixTime.Of(p.Since) },
            TaskPhase.Running p => new() { Is = name, UpstreamTask = p.UpstreamTaskId },
            TaskPhase.Storing p => new() { Is = name, Output = Parts.Write(p.Output) },
            TaskPhase.Ended { Outcome: TaskOutcome.Completed o } => new()
            {
                Is = name,
                Result = Parts.Write(o.Result),
                BilledSeconds = o.BilledSeconds,
                CreditsUsed = o.CreditsUsed.Value,
            },
            TaskPhase.Ended { Outcome: TaskOutcome.Failed o } => new() { Is = name, Error = Parts.Write(o.Error) },
            _ => new() { Is = name },
        };
    }

    private static TaskPhase Read(PhaseDocument phase) => phase.Is switch
    {
        "accepted" => new TaskPhase.Accepted(),
        "ready" => new TaskPhase.Ready(UnixTime.ToTime(Required(phase.NotBefore, "phase.notBefore"))),
        "submitting" => new TaskPhase.Submitting(),
        "in_doubt" => new TaskPhase.InDoubt(UnixTime.ToTime(Required(phase.Since, "phase.since"))),
        "running" => new TaskPhase.Running(Required(phase.UpstreamTask, "phase.upstreamTask")),
        "storing" => new TaskPhase.Storing(Parts.Read(Required(phase.Output, "phase.output"))),
        "completed" => new TaskPhase.Ended(new TaskOutcome.Completed(
            Parts.Read(Required(phase.Result, "phase.result")),
            Required(phase.BilledSeconds, "phase.billedSeconds"),
            CreditAmount.From(Required(phase.CreditsUsed, "phase.creditsUsed")))),
        "failed" => new TaskPhase.Ended(new TaskOutcome.Failed(Parts.Read(Required(phase.Error, "phase.error")))),
        "cancelled" => new TaskPhase.Ended(new TaskOutcome.Cancelled()),
        _ => throw new StoredJsonException($"A stored task has the unknown phase '{phase.Is}'."),
    };

    private static AttemptDocument Write(Attempt attempt) => new()
    {
        Id = attempt.Id,
        Route = attempt.RouteId,
        Upstream = attempt.Upstream,
        Account = attempt.Account,
        CostUsd = attempt.CostPerSecondUsd,
        StartedAt = UnixTime.Of(attempt.StartedAt),
        SendBy = UnixTime.Of(attempt.SendBy),
        Sends = attempt.Sends,
        UpstreamTask = attempt.UpstreamTaskId,
        Slot = attempt.Slot,
        SpentUsd = attempt.CostUsd,
        EndedAt = UnixTime.Of(attempt.EndedAt),
        Ending = attempt.Ending,
        Code = attempt.Error?.WireName(),
        Fault = Parts.Write(attempt.Fault),
    };

    private static Attempt Read(AttemptDocument attempt) => new()
    {
        Id = Required(attempt.Id, "attempt.id"),
        RouteId = Required(attempt.Route, "attempt.route"),
        Upstream = Required(attempt.Upstream, "attempt.upstream"),
        Account = Required(attempt.Account, "attempt.account"),
        CostPerSecondUsd = attempt.CostUsd,
        StartedAt = UnixTime.ToTime(attempt.StartedAt),
        SendBy = UnixTime.ToTime(attempt.SendBy),
        Sends = attempt.Sends,
        UpstreamTaskId = attempt.UpstreamTask,
        Slot = attempt.Slot,
        CostUsd = attempt.SpentUsd,
        EndedAt = UnixTime.ToTime(attempt.EndedAt),
        Ending = attempt.Ending,
        Error = attempt.Code is null ? null : Parts.ReadCode(attempt.Code),
        Fault = Parts.Read(attempt.Fault),
    };

    private static T Required<T>(T? value, string property)
        where T : class => StoredJson.Required(value, Name, property);

    private static T Required<T>(T? value, string property)
        where T : struct => StoredJson.Required(value, Name, property);
}
