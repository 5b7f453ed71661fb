using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Api.Tasks;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos;

/// <summary>Creates tasks.</summary>
internal static class GenerationEndpoints
{
    public static void MapGenerationEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/videos/generations", (HttpContext context) =>
            context.RequestServices.GetRequiredService<CreateGeneration>().HandleAsync(context))
            .RequireTenant()
            .Promises(GenerationOperations.Create(routes.ServiceProvider.GetRequiredService<ICatalog>()));
}

/// <summary>The way of a create: read, replay or validate, look at the inputs, have the tenant accept it.</summary>
internal sealed class CreateGeneration(
    InputInspector inspector, IOutboundUrls callbacks, GrainCalls grains, ITaskStore tasks, TaskView view, ICatalog catalog, IIdSource ids, TimeProvider time)
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
        string? digest = null;
        if (key.Value is not null && reading.Request is not null)
        {
            // A replay comes before any look at the inputs, which may be gone by now.
            digest = CanonicalJson.Digest(document.RootElement);
            if (await FindReplayAsync(context, caller, key.Value, digest) is { } replay)
            {
                await replay;
                return;
            }
        }

        var (seconds, refusal) = await RefuseAsync(caller, reading, context.RequestAborted);
        if (refusal is not null)
        {
            await ErrorResponse.WriteAsync(context, refusal);
            return;
        }

        await AcceptAsync(context, caller, new()
        {
            TaskId = TaskId.New(time.GetUtcNow(), ids),
            ApiKeyId = caller.Key.Id,
            Request = reading.Request!,
            InspectedSeconds = seconds,
            IdempotencyKey = key.Value,
            BodyDigest = digest,
        });
    }

    private async Task<(decimal? Seconds, ApiError? Error)> RefuseAsync(Caller caller, RequestReading reading, CancellationToken cancellationToken)
    {
        if (reading.Request is not { } request)
        {
            return (null, ApiErrors.InvalidParameter(reading.Violations[0]));
        }

        if (request.ElementId is not null)
        {
            return (null, ApiErrors.InvalidParameter(
                "model_params.element_list[0].element_id", "There is no element of this id in your account."));
        }

        if (request.CallbackUrl is { } callback && callbacks.Refuse(callback) is { } reason)
        {
            return (null, ApiErrors.InvalidParameter("callback_url", $"'callback_url' cannot be called. {reason}"));
        }

        var inspected = await inspector.InspectAsync(caller.Tenant.Id, request, cancellationToken);
        return (inspected.VideoSeconds, inspected.Error);
    }

    private async Task<Task?> FindReplayAsync(HttpContext context, Caller caller, string key, string digest)
    {
        var notBefore = time.GetUtcNow() - Domain.Credits.IdempotencyRecord.Retention;
        if (await tasks.FindIdempotencyKeyAsync(caller.Tenant.Id, key, notBefore, context.RequestAborted) is not { } record)
        {
            return null;
        }

        return string.Equals(record.BodyDigest, digest, StringComparison.Ordinal)
            ? ReplayAsync(context, caller, record.TaskId)
            : ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict());
    }

    private async Task AcceptAsync(HttpContext context, Caller caller, AcceptTask command)
    {
        AcceptReply reply;
        try
        {
            reply = await grains.CallAsync<ITenantGrain, AcceptReply>(caller.Tenant.Id.Value, g => g.Accept(command));
        }
        catch (GrainUnreachableException)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.OutcomeUnknown());
            return;
        }

        await (reply.Outcome switch
        {
            AcceptOutcome.Accepted => WriteAsync(context, TaskView.Accepted(reply, command.Request, catalog.FindModel(command.Request.Model)!)),
            AcceptOutcome.Replayed => ReplayAsync(context, caller, reply.TaskId!.Value),
            AcceptOutcome.IdempotencyConflict => ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict()),
            AcceptOutcome.InsufficientCredits =>
                ErrorResponse.WriteAsync(context, ApiErrors.InsufficientCredits(reply.Credits, reply.Available)),
            AcceptOutcome.QueueFull => ErrorResponse.WriteAsync(context, ApiErrors.QueueFull()),
            AcceptOutcome.NoAvailableChannel => ErrorResponse.WriteAsync(context, ApiErrors.NoAvailableChannel()),
            _ => throw new InvalidOperationException($"Unknown outcome {reply.Outcome}."),
        });
    }

    private async Task ReplayAsync(HttpContext context, Caller caller, TaskId taskId)
    {
        var task = await tasks.FindAsync(caller.Tenant.Id, taskId, context.RequestAborted)
            ?? throw new InvalidOperationException($"An idempotency key names task {taskId}, which is not there.");
        context.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        await WriteAsync(context, view.Of(task));
    }

    private static Task WriteAsync(HttpContext context, TaskObject task) =>
        context.Response.WriteJsonAsync(task, ApiJson.Wire.TaskObject, context.RequestAborted);
}
