using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Api.Videos;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Api.Operator;

/// <summary>What an operator needs to bring a tenant in: the tenant, a key, credits.</summary>
internal static class OperatorEndpoints
{
    private const int TenantIdLength = 16;
    private const int KeyIdLength = 16;
    private const int GrantIdLength = 20;
    private const int MaxNameLength = 128;
    private const int MaxNoteLength = 512;

    public static void MapOperatorEndpoints(this IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapGroup("/admin/v1/tenants").RequireOperator();
        tenants.MapPost("", CreateTenantAsync).Promises(OperatorOperations.CreateTenant);
        tenants.MapPost("/{id}/api-keys", CreateKeyAsync).Promises(OperatorOperations.CreateApiKey);
        tenants.MapPost("/{id}/grants", GrantAsync).Promises(OperatorOperations.Grant);
    }

    private static async Task CreateTenantAsync(HttpContext context, ITenantStore tenants, IIdSource ids, TimeProvider time)
    {
        if (await ReadAsync(context, ApiJson.Wire.CreateTenantBody) is not { } body)
        {
            return;
        }

        if (body.Name is not { Length: > 0 and <= MaxNameLength } name)
        {
            await RefuseAsync(context, "name", $"'name' must have 1 to {MaxNameLength} characters.");
            return;
        }

        var tenant = new Tenant { Id = new($"ten_{ids.Next(TenantIdLength)}"), Name = name, CreatedAt = time.GetUtcNow() };
        if (!await tenants.AddTenantAsync(tenant, CancellationToken.None))
        {
            throw new InvalidOperationException($"The new id {tenant.Id} was in use.");
        }

        await context.Response.WriteAsJsonAsync(
            new(tenant.Id.Value, tenant.Name, tenant.Group, "active", tenant.CreatedAt.ToUnixTimeSeconds()),
            ApiJson.Wire.TenantObject,
            contentType: null,
            context.RequestAborted);
    }

    private static async Task CreateKeyAsync(HttpContext context, string id, ITenantStore tenants, IIdSource ids, TimeProvider time)
    {
        if (await ReadAsync(context, ApiJson.Wire.CreateApiKeyBody) is not { } body || await FindAsync(context, id, tenants) is not { } tenant)
        {
            return;
        }

        if (body.Name is not { Length: > 0 and <= MaxNameLength } name)
        {
            await RefuseAsync(context, "name", $"'name' must have 1 to {MaxNameLength} characters.");
            return;
        }

        var secret = body.Test ? KeySecret.NewTest(ids) : KeySecret.New(ids);
        var key = new ApiKey
        {
            Id = $"key_{ids.Next(KeyIdLength)}",
            Tenant = tenant.Id,
            Name = name,
            SecretHash = KeySecret.Hash(secret),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = body.ExpiresAt,
        };
        if (!await tenants.AddKeyAsync(key, CancellationToken.None))
        {
            throw new InvalidOperationException($"The new key id {key.Id} was in use.");
        }

        await context.Response.WriteAsJsonAsync(
            new(key.Id, secret, key.Name, key.CreatedAt.ToUnixTimeSeconds(), key.ExpiresAt?.ToUnixTimeSeconds()),
            ApiJson.Wire.ApiKeyObject,
            contentType: null,
            context.RequestAborted);
    }

    /// <summary>Books credits in; an <c>Idempotency-Key</c> makes a repeat harmless.</summary>
    private static async Task GrantAsync(HttpContext context, string id, ITenantStore tenants, GrainCalls grains, IIdSource ids)
    {
        var key = IdempotencyKey.Of(context.Request);
        if (!key.IsValid)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidIdempotencyKey());
            return;
        }

        if (await ReadAsync(context, ApiJson.Wire.CreateGrantBody) is not { } body || await FindAsync(context, id, tenants) is not { } tenant)
        {
            return;
        }

        if (body.Credits is not { } credits || body.Note?.Length > MaxNoteLength)
        {
            await RefuseAsync(context, body.Credits is null ? "credits" : "note", $"'credits' is required; 'note' has at most {MaxNoteLength} characters.");
            return;
        }

        var command = new GrantCredits
        {
            GrantId = key.Value is { } given ? $"grt_{KeySecret.Hash(given)[..32]}" : $"grt_{ids.Next(GrantIdLength)}",
            Amount = credits,
            ExpiresAt = body.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()) : null,
            Note = body.Note,
        };
        var reply = await grains.CallAsync<ITenantGrain, BookReply>(tenant.Id.Value, g => g.Grant(command));
        await (reply.Outcome switch
        {
            BookOutcome.Booked => context.Response.WriteAsJsonAsync(
                new(command.GrantId, credits, body.Note, command.ExpiresAt?.ToUnixTimeSeconds()),
                ApiJson.Wire.GrantObject,
                contentType: null,
                context.RequestAborted),
            BookOutcome.Conflict => ErrorResponse.WriteAsync(context, ApiErrors.IdempotencyConflict()),
            _ => RefuseAsync(context, "credits", reply.Reason ?? "The amount cannot be booked."),
        });
    }

    private static async Task<Tenant?> FindAsync(HttpContext context, string id, ITenantStore tenants)
    {
        if (TenantId.IsValid(id) && !new TenantId(id).IsTestWorkspace && await tenants.FindTenantAsync(new(id), context.RequestAborted) is { } tenant)
        {
            return tenant;
        }

        await ErrorResponse.WriteAsync(context, ApiErrors.TenantNotFound());
        return null;
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var body = await RequestBody.ReadJsonAsync(context);
        using var document = body.Document;
        if (document is null)
        {
            await ErrorResponse.WriteAsync(context, body.Error!);
            return null;
        }

        try
        {
            if (document.RootElement.Deserialize(type) is { } value)
            {
                return value;
            }

            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidBody("The body must be a JSON object."));
        }
        catch (JsonException error)
        {
            var path = error.Path?.TrimStart('$', '.') ?? "";
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(path, $"'{path}' has a value of the wrong kind, or is not a parameter."));
        }

        return null;
    }

    private static Task RefuseAsync(HttpContext context, string parameter, string message) =>
        ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(parameter, message));
}
