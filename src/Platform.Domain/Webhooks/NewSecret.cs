using Platform.Domain.Secrets;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>A secret at the moment in which it is made: the only one in which its text is at hand.</summary>
/// <param name="Text">The text, to be shown once.</param>
/// <param name="Stored">What is kept.</param>
public sealed record NewSecret(string Text, WebhookSecret Stored)
{
    private const string IdPrefix = "whs_";
    private const int IdLength = 20;

    /// <summary>Makes one.</summary>
    public static NewSecret Make(TenantId tenant, string owner, IIdSource ids, ISecretBox box, DateTimeOffset now)
    {
        var text = WebhookSecret.NewText(ids);
        return new(text, new()
        {
            Id = IdPrefix + ids.Next(IdLength),
            Tenant = tenant,
            Owner = owner,
            Sealed = box.Protect(WebhookSecret.Purpose, text),
            CreatedAt = now,
        });
    }
}
