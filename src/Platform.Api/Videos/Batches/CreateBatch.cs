using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.Videos.Answers;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos.Batches;

/// <summary>
/// <c>POST /v1/videos/generations/batch</c>: up to 100 tasks in one commit, see <see cref="BatchRequest"/>. With <c>all_or_nothing</c> the
/// answer is 200 with all tasks, or the error of the first item that was refused with <c>items</c>, which has the error of each. With
/// <c>partial</c> it is 200 with a task or an error for each item; items are accepted in order, as far as credits and places reach.
/// An <c>Idempotency-Key</c> is for the whole batch.
/// </summary>
internal sealed class CreateBatch(
    RequestJudge judge, IInputMedia media, GrainCalls grains, ITaskStore tasks, BatchView view, AnswerReports reports, IIdSource ids, TimeProvider time)
{
    private const int IdLength = 16;

    public async Task HandleAsync(HttpContext context)
    {
        var key = IdempotencyKey.Of(context.Request);
        if (!key.IsValid)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidIdempotencyKey());
            return;
        }

        var body = await RequestBody.ReadJsonAsync(context);
        using var document = body.Document;
        if (document is null)
        {
            await ErrorResponse.WriteAsync(context, body.Error!);
            return;
        }

        var request = BatchRequest.Read(document.RootElement);
        if (request.Error is not null)
        {
            await ErrorResponse.WriteAsync(context, request.Error);
            return;
        }

        var caller = Caller.Of(context);
        var digest = CanonicalJson.Digest(document.RootElement);
        if (key.Value is not null && await FindReplayAsync(context, caller, key.Value, digest) is { } replay)
        {
            await replay;
            return;
        }

        var judged = await JudgeAsync(context, caller, request);
        if (request.AllOrNothing && judged.Any(j => j.Error is not null))
        {
            await RefuseAsync(context, [.. judged.Select(j => j.Error)]);
            return;
        }

        var command = CommandOf(context, caller, request, judged, key.Value, digest);
        if (key.Value is null)
        {
            await reports.AnswerAsync(caller.Tenant.Id, command.BatchId, () => AcceptAsync(context, caller, command));
        }
        else
        {
            await AcceptAsync(context, caller, command);
        }
    }

    private async Task<JudgedRequest[]> JudgeAsync(HttpContext context, Caller caller, BatchRequest request)
    {
        using var looks = new BatchLooks(media, caller.Tenant.Id, time, context.RequestAborted);
        return await Task.WhenAll(request.Items.Select(reading => judge.JudgeAsync(caller, reading, looks.LookAsync)));
    }

    private AcceptBatch CommandOf(
        HttpContext context, Caller caller, BatchRequest request, JudgedRequest[] judged, string? key, string digest)
    {
        var now = time.GetUtcNow();
        return new()
        {
            BatchId = $"batch_{ids.Next(IdLength)}",
            ApiKeyId = caller.Key.Id,
            AllOrNothing = request.AllOrNothing,
            MaxCredits = request.MaxCredits,
            IdempotencyKey = key,
            BodyDigest = digest,
            AskedBy = reports.Process,
            Items = [.. judged.Select(j => j.Error is { } error
                ? new AcceptBatchItem
                {
                    Error = JsonSerializer.Serialize(ApiErrorObject.Of(error, context.TraceIdentifier), ApiJson.Wire.ApiErrorObject),
                }
                : new AcceptBatchItem
                {
                    Task = new()
                    {
                        TaskId = TaskId.New(now, ids),
                        ApiKeyId = caller.Key.Id,
                        Request = j.Request!,
                        InspectedSeconds = j.Inputs.VideoSeconds,
                        Terms = j.Terms,
                    },
                })],
        };
    }

    private async Task<Task?> FindReplayAsync(HttpContext context, Caller caller, string key, string digest)
    {
        if (await FindAsync(context, caller, key) is not { } record)
        {
            return null;
        }

        return record.Batch is not null && string.Equals(record.BodyDigest, digest, StringComparison.Ordinal)
            ? WriteAsync(context, caller, record, IdempotencyKey.ReplayedByKey)
            : ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict());
    }

    /// <summary>Has the tenant accept it, and answers; says whether the caller knows now what became of it.</summary>
    private async Task<bool> AcceptAsync(HttpContext context, Caller caller, AcceptBatch command)
    {
        AcceptBatchReply reply;
        try
        {
            reply = await grains.CallAsync<ITenantGrain, AcceptBatchReply>(caller.Tenant.Id.Value, g => g.AcceptBatch(command));
        }
        catch (GrainUnreachableException)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.OutcomeUnknown());
            return false;
        }

        context.RequestAborted.ThrowIfCancellationRequested();
        await (reply.Outcome switch
        {
            AcceptBatchOutcome.Accepted => WriteAsync(context, view.Of(command, reply, context.TraceIdentifier)),
            AcceptBatchOutcome.Refused => RefuseAsync(context, BatchView.ErrorsOf(reply)),
            AcceptBatchOutcome.AlreadyAccepted => WriteAsync(context, caller, await KeptAsync(context, caller, reply), replayed: null),
            AcceptBatchOutcome.Replayed => WriteAsync(
                context,
                caller,
                await KeptAsync(context, caller, reply),
                reply.ByBody ? IdempotencyKey.ReplayedByBody : IdempotencyKey.ReplayedByKey),
            AcceptBatchOutcome.IdempotencyConflict => ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict()),
            AcceptBatchOutcome.InProgress => ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyInProgress()),
            _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
        });
        return true;
    }

    private async Task<IdempotencyRecord> KeptAsync(HttpContext context, Caller caller, AcceptBatchReply reply) =>
        await FindAsync(context, caller, reply.AnswerKey!)
            ?? throw new InvalidOperationException($"The answer of a batch that was accepted is not there: {reply.AnswerKey}.");

    private Task<IdempotencyRecord?> FindAsync(HttpContext context, Caller caller, string key) =>
        tasks.FindIdempotencyKeyAsync(caller.Tenant.Id, key, time.GetUtcNow() - IdempotencyRecord.Retention, context.RequestAborted);

    private async Task WriteAsync(HttpContext context, Caller caller, IdempotencyRecord record, string? replayed)
    {
        if (replayed is not null)
        {
            context.Response.Headers[IdempotencyKey.ReplayedHeader] = replayed;
        }

        await WriteAsync(context, await view.OfAsync(caller.Tenant.Id, record, context.TraceIdentifier, context.RequestAborted));
    }

    /// <summary>Refuses the whole batch: the error of its first item that was refused, and that of each.</summary>
    private static Task RefuseAsync(HttpContext context, ImmutableArray<ApiError?> errors)
    {
        var refused = errors.Select((error, index) => (Error: error, Index: index)).Where(e => e.Error is not null).ToList();
        var (first, at) = (refused[0].Error!, refused[0].Index);
        return ErrorResponse.WriteAsync(
            context,
            first with
            {
                Param = first.Param is null ? $"items[{at}]" : $"items[{at}].{first.Param}",
                Message = $"Nothing was accepted, because {(refused.Count == 1 ? "an item was" : $"{refused.Count} items were")} refused. Item {at}: {first.Message}",
            },
            [.. refused.Select(e => new ItemErrorObject(e.Index, ApiErrorObject.Of(e.Error!, context.TraceIdentifier)))]);
    }

    private static Task WriteAsync(HttpContext context, BatchObject batch) =>
        context.Response.WriteJsonAsync(batch, ApiJson.Wire.BatchObject, context.RequestAborted);
}
