using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>Tasks as the platform would make them.</summary>
public static class Samples
{
    public static TaskId TaskId(int number) => new($"task-unified-1795435200-{number:d16}");

    public static GenerationTask Task(TenantId tenant, TaskId id, DateTimeOffset createdAt, CreditAmount reserved) => new()
    {
        Tenant = tenant,
        Id = id,
        Version = 1,
        CreatedAt = createdAt,
        ApiKeyId = "key_a",
        Request = new()
        {
            Model = MotionControlModel.Id,
            ImageUrl = "https://example.com/me.png",
            VideoUrl = "https://example.com/dance.mp4",
            Prompt = "雨の中で踊る – \"dance\" <in> the rain 💃",
            Quality = "720p",
            CharacterOrientation = "video",
            Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("order", "17").Add("Zone", "é"),
            EndUser = "user-1",
        },
        Price = PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], "720p", "default", 1m),
        MayUseSandbox = false,
        ReservedSeconds = 5,
        InspectedSeconds = 4.967m,
        CreditsReserved = reserved,
        QueueDeadline = createdAt + TimeSpan.FromHours(24),
        GenerationTimeout = TimeSpan.FromHours(1),
        EstimatedSeconds = 180,
        Phase = new TaskPhase.Accepted(),
    };

    public static StoredResult Result { get; } = new(
        "results/x/0.mp4",
        new(123_456, new string('a', 64)),
        new() { Format = Domain.Media.MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = 5.005m, HasAudio = true });
}
