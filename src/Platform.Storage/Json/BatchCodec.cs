using System.Text.Json;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Storage.Json;

/// <summary>Writes and reads what became of a batch.</summary>
internal static class BatchCodec
{
    private const string Name = "batch";

    public static string Write(BatchAnswer batch) => JsonSerializer.Serialize(
        new BatchDocument { V = BatchDocument.Current, Id = batch.BatchId, Items = [.. batch.Items.Select(Write)] },
        StoredJson.Compact.BatchDocument);

    /// <exception cref="StoredJsonException">The document has an unknown version or lacks something.</exception>
    public static BatchAnswer Read(ReadOnlySpan<byte> json)
    {
        var document = StoredJson.Required(JsonSerializer.Deserialize(json, StoredJson.Compact.BatchDocument), Name, "document");
        StoredJson.CheckVersion(Name, document.V, BatchDocument.Current);
        return new(
            StoredJson.Required(document.Id, Name, "id"),
            [.. StoredJson.Required(document.Items, Name, "items").Select(Read)]);
    }

    private static BatchItemDocument Write(BatchItemAnswer item) => new()
    {
        Task = item.TaskId?.Value,
        Refused = item.Refusal is { } refusal ? NameOf(refusal.Reason) : null,
        Needed = item.Refusal?.Needed.Value ?? 0m,
        Available = item.Refusal?.Available.Value ?? 0m,
        Error = item.Refusal?.Error,
    };

    private static BatchItemAnswer Read(BatchItemDocument item) => new(
        item.Task is null ? null : new TaskId(item.Task),
        item.Refused is null
            ? null
            : new ItemRefusal(ReasonOf(item.Refused))
            {
                Needed = CreditAmount.From(item.Needed),
                Available = CreditAmount.From(item.Available),
                Error = item.Error,
            });

    private static string NameOf(ItemRefusalReason reason) => reason switch
    {
        ItemRefusalReason.Invalid => "invalid",
        ItemRefusalReason.InsufficientCredits => "insufficient_credits",
        ItemRefusalReason.QueueFull => "queue_full",
        ItemRefusalReason.NoAvailableChannel => "no_available_channel",
        ItemRefusalReason.AboveLimit => "above_limit",
        ItemRefusalReason.QuoteExpired => "quote_expired",
        ItemRefusalReason.AboveQuote => "above_quote",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };

    private static ItemRefusalReason ReasonOf(string name) => name switch
    {
        "invalid" => ItemRefusalReason.Invalid,
        "insufficient_credits" => ItemRefusalReason.InsufficientCredits,
        "queue_full" => ItemRefusalReason.QueueFull,
        "no_available_channel" => ItemRefusalReason.NoAvailableChannel,
        "above_limit" => ItemRefusalReason.AboveLimit,
        "quote_expired" => ItemRefusalReason.QuoteExpired,
        "above_quote" => ItemRefusalReason.AboveQuote,
        _ => throw new StoredJsonException($"A stored batch has the unknown refusal '{name}'."),
    };
}
