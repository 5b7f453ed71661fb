using System.Security.Cryptography;
using System.Text;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>A secret that signs deliveries, sealed. Several of one owner are good at once while they are rotated.</summary>
public sealed record WebhookSecret
{
    /// <summary>What secrets are sealed for.</summary>
    public const string Purpose = "webhook-signing";

    /// <summary>How long an old secret signs beside a new one where nothing else is asked for.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>Longest overlap.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(7);

    /// <summary>Most secrets that sign at once; more rotations in one overlap end the oldest.</summary>
    public const int MaxValid = 4;

    private const string Prefix = "whsec_";

    private const int DrawLength = 64;

    /// <summary>Its id, <c>whs_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>What it signs: an endpoint's id, or <see cref="OfCallbacks"/>.</summary>
    public required string Owner { get; init; }

    /// <summary>The secret, sealed for <see cref="Purpose"/>.</summary>
    public required string Sealed { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; null while it is the newest.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The owner of the secret that signs a tenant's callback URLs.</summary>
    public static string OfCallbacks => "callbacks";

    /// <summary>A new secret in the form of Standard Webhooks: <c>whsec_</c> and base64 of 32 bytes.</summary>
    public static string NewText(IIdSource ids) =>
        Prefix + Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(ids.Next(DrawLength))));

    /// <summary>The key that a secret's text stands for.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static byte[] KeyOf(string text) => text.StartsWith(Prefix, StringComparison.Ordinal)
        ? Convert.FromBase64String(text[Prefix.Length..])
        : throw new FormatException("A webhook secret begins with whsec_.");
}
