using System.Collections.Immutable;
using System.Text;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Storage.Json;

namespace Platform.Storage.Memory;

/// <summary>Things as a database would give them back.</summary>
internal static class AsStored
{
    public static GenerationTask Of(GenerationTask task) => TaskCodec.Read(
        task.Tenant, task.Id, task.Version, UnixTime.Truncate(task.CreatedAt), UnixTime.Truncate(task.EndedAt), TaskCodec.Write(task));

    public static ImmutableArray<TaskEvent> Of(ImmutableArray<TaskEvent> events) =>
        [.. events.Select(e => TaskEventCodec.Read(TaskEventCodec.KindOf(e), UnixTime.Truncate(e.At), TaskEventCodec.Write(e)))];

    public static LedgerEntry Of(LedgerEntry entry) => entry with
    {
        At = UnixTime.Truncate(entry.At),
        ExpiresAt = UnixTime.Truncate(entry.ExpiresAt),
    };

    public static ImmutableArray<Lot> Of(ImmutableArray<Lot> lots) => LotCodec.ReadLots(LotCodec.Write(lots));

    public static Hold Of(Hold hold) => hold with { Slices = LotCodec.ReadSlices(LotCodec.Write(hold.Slices)) };

    public static IdempotencyRecord Of(IdempotencyRecord record) => record with
    {
        CreatedAt = UnixTime.Truncate(record.CreatedAt),
        Batch = record.Batch is null ? null : BatchCodec.Read(Encoding.UTF8.GetBytes(BatchCodec.Write(record.Batch))),
    };

    public static TaskResolution Of(TaskResolution resolution) => resolution with { At = UnixTime.Truncate(resolution.At) };
}
