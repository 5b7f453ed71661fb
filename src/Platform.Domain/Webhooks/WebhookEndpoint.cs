using System.Collections.Immutable;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>Why an endpoint gets nothing.</summary>
public enum EndpointDisabledReason
{
    /// <summary>The tenant has switched it off.</summary>
    ByTenant = 1,

    /// <summary>It has answered 410: it does not want to be called any more.</summary>
    Gone = 2,

    /// <summary>It has failed for days.</summary>
    Failing = 3,
}

/// <summary>An address of a tenant that is told of events.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>What its id begins with.</summary>
    public const string IdPrefix = "we_";

    /// <summary>Most endpoints of a tenant.</summary>
    public const int MaxPerTenant = 20;

    /// <summary>Longest description, in characters.</summary>
    public const int MaxDescriptionLength = 256;

    /// <summary>Its id, <c>we_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>One more with each change that its tenant makes; the fence of changes.</summary>
    public required long Version { get; init; }

    /// <summary>Where it is.</summary>
    public required string Url { get; init; }

    /// <summary>What it is for, for people; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The types of events that it wants, of <see cref="WebhookEvents.Selectable"/>; empty for all.</summary>
    public ImmutableArray<string> Events { get; init; } = [];

    /// <summary>Why it gets nothing; null where it is enabled.</summary>
    public EndpointDisabledReason? DisabledReason { get; init; }

    /// <summary>When it was disabled; null where it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when every try has failed; null where the last one succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it gets events.</summary>
    public bool IsEnabled => DisabledReason is null;

    /// <summary>Whether it is to be told of an event.</summary>
    public bool Wants(string eventType) => IsEnabled && (Events.IsEmpty || Events.Contains(eventType, StringComparer.Ordinal));

    /// <summary>
    /// Whether a try that has failed is the end of it: where the receiver says that it is gone, or has failed for longer than
    /// <paramref name="patience"/>. Null where it stays enabled.
    /// </summary>
    public EndpointDisabledReason? DisabledBy(AttemptResult result, DateTimeOffset now, TimeSpan patience)
    {
        if (!IsEnabled || result.Outcome == AttemptOutcome.Succeeded)
        {
            return null;
        }

        if (result.IsGone)
        {
            return EndpointDisabledReason.Gone;
        }

        return FailingSince is { } since && now - since >= patience ? EndpointDisabledReason.Failing : null;
    }
}
