using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Tasks;

/// <summary>
/// Server-sent events (WHATWG HTML, section 9.2) of the caller's own tasks: after each change the whole task object, so that an event
/// that was missed is made good by the next one, or by a look at the list. The stream starts with <c>ready</c>: what changes after
/// it is told.
/// </summary>
internal sealed class TaskEventStream(
    ITaskChanges changes, ITaskStore store, TaskView view, TimeProvider time, IHostApplicationLifetime lifetime)
{
    // Proxies close connections on which nothing is said.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // A browser shares one connection limit per host; a tenant needs a few tabs, not hundreds.
    public const int MaxStreamsPerTenant = 50;

    private readonly ConcurrentDictionary<TenantId, int> _open = new();

    public async Task HandleAsync(HttpContext context)
    {
        var tenant = Caller.Of(context).Tenant.Id;
        if (_open.AddOrUpdate(tenant, 1, (_, count) => count + 1) > MaxStreamsPerTenant)
        {
            Leave(tenant);
            await ErrorResponse.WriteAsync(context, ApiErrors.TooManyStreams(MaxStreamsPerTenant));
            return;
        }

        // A stream must not keep the process from stopping; clients connect again, elsewhere.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await StreamAsync(context, tenant, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The caller has gone, or the process stops.
        }
        finally
        {
            Leave(tenant);
        }
    }

    private async Task StreamAsync(HttpContext context, TenantId tenant, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["x-accel-buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var listening = changes.ListenAsync(tenant, end.Token).GetAsyncEnumerator(end.Token);
        await WriteAsync(context, "event: ready\ndata: {}\n\n", cancellationToken);
        var next = listening.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(Heartbeat, time, cancellationToken))
                    {
                        return;
                    }
                }
                catch (TimeoutException)
                {
                    await WriteAsync(context, ":\n\n", cancellationToken);
                    continue;
                }

                var change = listening.Current;
                if (await store.FindAsync(tenant, change.Id, cancellationToken) is { } task)
                {
                    var data = JsonSerializer.Serialize(view.Of(task), ApiJson.Wire.TaskObject);
                    await WriteAsync(
                        context,
                        string.Create(CultureInfo.InvariantCulture, $"id: {change.Id.Value}:{task.Version}\nevent: task\ndata: {data}\n\n"),
                        cancellationToken);
                }

                next = listening.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed of while it moves.
            await end.CancelAsync();
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private void Leave(TenantId tenant)
    {
        // Counts that come to zero are taken out, so that tenants who have gone take no memory.
        if (_open.AddOrUpdate(tenant, 0, (_, count) => count - 1) <= 0)
        {
            _open.TryRemove(new(tenant, 0));
        }
    }
}

/// <summary>Maps the stream.</summary>
internal static class TaskEventEndpoints
{
    public static void MapTaskEventEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/tasks/events", (HttpContext context) =>
            context.RequestServices.GetRequiredService<TaskEventStream>().HandleAsync(context)).RequireTenant().Promises(TaskOperations.Events);
}
