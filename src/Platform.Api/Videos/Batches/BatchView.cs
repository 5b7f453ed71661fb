using System.Collections.Immutable;
using System.Text.Json;
using Platform.Api.Errors;
using Platform.Api.Tasks;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos.Batches;

/// <summary>Makes the object that callers see of a batch: one that was accepted this moment, or one that is kept.</summary>
internal sealed class BatchView(ITaskQueries tasks, TaskView view, ICatalog catalog)
{
    /// <summary>A batch that was accepted this moment.</summary>
    public BatchObject Of(AcceptBatch command, AcceptBatchReply reply, string requestId)
    {
        var errors = ErrorsOf(reply);
        return Of(command.BatchId, reply.CreatedAt, [.. reply.Items.Select((item, i) => item switch
        {
            null => new BatchItemObject(i, null, Kept(command.Items[i].Error!)),
            { Outcome: AcceptOutcome.Accepted } => new(
                i, TaskView.Accepted(item, command.Items[i].Task!.Request, catalog.FindModel(command.Items[i].Task!.Request.Model)!, command.BatchId), null),
            _ => new(i, null, ApiErrorObject.Of(errors[i]!, requestId)),
        })]);
    }

    /// <summary>A batch that is kept, with its tasks as they are now.</summary>
    public async Task<BatchObject> OfAsync(TenantId tenant, IdempotencyRecord record, string requestId, CancellationToken cancellationToken)
    {
        var batch = record.Batch ?? throw new InvalidOperationException($"Key {record.Key} is of no batch.");
        var found = (await tasks.FindManyAsync(tenant, [.. batch.Items.Select(i => i.TaskId).OfType<TaskId>()], cancellationToken)).ToDictionary(t => t.Id);
        return Of(batch.BatchId, record.CreatedAt, [.. batch.Items.Select((item, i) => item.TaskId is { } id
            ? new BatchItemObject(i, view.Of(found[id]), null)
            : new(i, null, item.Refusal is { Reason: ItemRefusalReason.Invalid, Error: { } error }
                ? Kept(error)
                : ApiErrorObject.Of(ErrorOf(item.Refusal!), requestId)))]);
    }

    /// <summary>What the tenant refused, by index; null for what it accepted, and for what was refused before.</summary>
    public static ImmutableArray<ApiError?> ErrorsOf(AcceptBatchReply reply) =>
    [
        .. reply.Items.Select(item =>
            item is null or { Outcome: AcceptOutcome.Accepted } ? null : AcceptErrors.Of(item)),
    ];

    private static BatchObject Of(string id, DateTimeOffset createdAt, IReadOnlyList<BatchItemObject> items) => new()
    {
        Id = id,
        Created = createdAt.ToUnixTimeSeconds(),
        Accepted = items.Count(i => i.Task is not null),
        Refused = items.Count(i => i.Error is not null),
        CreditsReserved = items.Aggregate(CreditAmount.Zero, (sum, i) => sum + (i.Task?.Usage.CreditsReserved ?? CreditAmount.Zero)),
        Data = items,
    };

    private static ApiErrorObject Kept(string error) => JsonSerializer.Deserialize(error, ApiJson.Wire.ApiErrorObject)!;

    private static ApiError ErrorOf(ItemRefusal refusal) => refusal.Reason switch
    {
        ItemRefusalReason.InsufficientCredits => ApiErrors.InsufficientCredits(refusal.Needed, refusal.Available),
        ItemRefusalReason.QueueFull => ApiErrors.QueueFull(),
        ItemRefusalReason.NoAvailableChannel => ApiErrors.NoAvailableChannel(),
        ItemRefusalReason.AboveLimit => ApiErrors.AboveLimit(refusal.Needed, refusal.Available),
        ItemRefusalReason.QuoteExpired => ApiErrors.QuoteExpired(),
        ItemRefusalReason.AboveQuote => ApiErrors.AboveQuote(refusal.Needed, refusal.Available),
        _ => throw new InvalidOperationException($"A refusal for {refusal.Reason} without its error."),
    };
}
