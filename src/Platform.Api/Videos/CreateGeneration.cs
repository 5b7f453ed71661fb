using Microsoft.AspNetCore.Http;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.Tasks;
using Platform.Api.Videos.Answers;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos;

/// <summary>The way of a create: read, replay or judge, have the tenant accept it, answer, and report that it was answered.</summary>
internal sealed class CreateGeneration(
    RequestJudge judge, IInputMedia media, GrainCalls grains, ITaskStore tasks, TaskView view, ICatalog catalog, AnswerReports reports, IIdSource ids, TimeProvider time)
{
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

        var reading = MotionControlRequest.Read(document.RootElement);
        var caller = Caller.Of(context);
        var digest = reading.Request is null ? null : CanonicalJson.Digest(document.RootElement);
        if (key.Value is not null && digest is not null && await FindReplayAsync(context, caller, key.Value, digest) is { } replay)
        {
            // A replay comes before any look at the inputs, which may be gone by now.
            await replay;
            return;
        }

        var judged = await judge.JudgeAsync(
            caller, reading, (url, maxBytes) => media.InspectAsync(caller.Tenant.Id, url, maxBytes, context.RequestAborted));
        if (judged.Error is not null)
        {
            await ErrorResponse.WriteAsync(context, judged.Error);
            return;
        }

        var command = new AcceptTask
        {
            TaskId = TaskId.New(time.GetUtcNow(), ids),
            ApiKeyId = caller.Key.Id,
            Request = judged.Request!,
            InspectedSeconds = judged.Inputs.VideoSeconds,
            IdempotencyKey = key.Value,
            BodyDigest = digest,
            Terms = judged.Terms,
            AskedBy = reports.Process,
        };
        if (key.Value is null)
        {
            await reports.AnswerAsync(caller.Tenant.Id, command.TaskId.Value, () => AcceptAsync(context, caller, command));
        }
        else
        {
            await AcceptAsync(context, caller, command);
        }
    }

    private async Task<Task?> FindReplayAsync(HttpContext context, Caller caller, string key, string digest)
    {
        var notBefore = time.GetUtcNow() - IdempotencyRecord.Retention;
        if (await tasks.FindIdempotencyKeyAsync(caller.Tenant.Id, key, notBefore, context.RequestAborted) is not { } record)
        {
            return null;
        }

        return record.Batch is null && string.Equals(record.BodyDigest, digest, StringComparison.Ordinal)
            ? ReplayAsync(context, caller, record.TaskId, IdempotencyKey.ReplayedByKey)
            : ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict());
    }

    /// <summary>Has the tenant accept it, and answers; says whether the caller knows now what became of it.</summary>
    private async Task<bool> AcceptAsync(HttpContext context, Caller caller, AcceptTask command)
    {
        AcceptReply reply;
        try
        {
            reply = await grains.CallAsync<ITenantGrain, AcceptReply>(caller.Tenant.Id.Value, g => g.Accept(command));
        }
        catch (GrainUnreachableException)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.OutcomeUnknown());
            return false;
        }

        // Looked at before the answer and not behind it: a caller may leave as soon as it has read.
        context.RequestAborted.ThrowIfCancellationRequested();
        await (reply.Outcome switch
        {
            AcceptOutcome.Accepted => WriteAsync(context, TaskView.Accepted(reply, command.Request, catalog.FindModel(command.Request.Model)!)),
            AcceptOutcome.Replayed => ReplayAsync(
                context, caller, reply.TaskId!.Value, reply.ByBody ? IdempotencyKey.ReplayedByBody : IdempotencyKey.ReplayedByKey),
            _ => ErrorResponse.WriteAsync(context, AcceptErrors.Of(reply)),
        });
        return true;
    }

    private async Task ReplayAsync(HttpContext context, Caller caller, TaskId taskId, string by)
    {
        var task = await tasks.FindAsync(caller.Tenant.Id, taskId, context.RequestAborted)
            ?? throw new InvalidOperationException($"Task {taskId}, which was accepted, is not there.");
        context.Response.Headers[IdempotencyKey.ReplayedHeader] = by;
        await WriteAsync(context, view.Of(task));
    }

    private static Task WriteAsync(HttpContext context, TaskObject task) =>
        context.Response.WriteJsonAsync(task, ApiJson.Wire.TaskObject, context.RequestAborted);
}
