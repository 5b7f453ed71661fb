using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Secrets;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>Makes signing secrets and shows each once.</summary>
internal sealed class SecretRotation(IWebhookEndpointStore store, ISecretBox box, IIdSource ids, TimeProvider time)
{
    private const string Overlap = "overlap_seconds";

    private sealed record Period(TimeSpan Value);

    /// <summary>A secret for something new.</summary>
    public NewSecret New(TenantId tenant, string owner) => NewSecret.Make(tenant, owner, ids, box, time.GetUtcNow());

    /// <summary>
    /// Rotates by the request's body, which may be empty: <c>overlap_seconds</c> says how long the secrets so far sign as well. Null
    /// where it was refused.
    /// </summary>
    public async Task<WebhookSecretObject?> RotateAsync(HttpContext context, TenantId tenant, string owner)
    {
        var overlap = new Period(WebhookSecret.DefaultOverlap);
        if (context.Request.ContentLength is not (null or 0) || context.Request.Headers.TransferEncoding.Count > 0)
        {
            if (await JsonObjectBody.ReadAsync(context, root => JsonObjectBody.Only(root, Overlap, new Period(WebhookSecret.DefaultOverlap), ReadOverlap)) is not { } given)
            {
                return null;
            }

            overlap = given;
        }

        var now = time.GetUtcNow();
        var made = NewSecret.Make(tenant, owner, ids, box, now);
        await store.RotateSecretAsync(made.Stored, now + overlap.Value, CancellationToken.None);
        var valid = await store.ListSecretsAsync(tenant, owner, now, context.RequestAborted);
        return Show(valid, owner) with { Secret = made.Text };
    }

    /// <summary>What there is, without any text.</summary>
    public async Task<WebhookSecretObject> ShowAsync(TenantId tenant, string owner, CancellationToken cancellationToken) =>
        Show(await store.ListSecretsAsync(tenant, owner, time.GetUtcNow(), cancellationToken), owner);

    private static WebhookSecretObject Show(IReadOnlyList<WebhookSecret> valid, string owner) => new()
    {
        EndpointId = string.Equals(owner, WebhookSecret.OfCallbacks, StringComparison.Ordinal) ? null : owner,
        Created = valid.Count == 0 ? null : valid[0].CreatedAt.ToUnixTimeSeconds(),
        PreviousValidUntil = valid.Max(s => s.ValidUntil)?.ToUnixTimeSeconds(),
    };

    private static (Period? Value, ParameterViolation? Violation) ReadOverlap(JsonElement value)
    {
        var most = (int)WebhookSecret.MaxOverlap.TotalSeconds;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds >= 0 && seconds <= most
            ? (new(TimeSpan.FromSeconds(seconds)), null)
            : (null, new(Overlap, string.Create(CultureInfo.InvariantCulture, $"'{Overlap}' must be a whole number of seconds from 0 to {most}.")));
    }
}
