using Platform.Domain.Upstreams;

namespace Platform.Upstreams;

/// <summary>The accounts at providers, by the names that routes use. Checked at start; a message names the bad property.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Accounts by name: 1–64 characters of <c>[A-Za-z0-9._-]</c>.</summary>
    public IDictionary<string, UpstreamAccountOptions> Accounts { get; } = new Dictionary<string, UpstreamAccountOptions>(StringComparer.Ordinal);
}

/// <summary>An account at a provider. Its secrets are never logged and never shown.</summary>
public sealed class UpstreamAccountOptions
{
    /// <summary>The provider: <c>kling</c>, <c>fal</c>, <c>replicate</c>, or <c>platform</c> for one that speaks this platform's own API.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Base of its API; default the provider's own address. Required for <c>platform</c>. A path is allowed, a query is not.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Key of the account: fal's key, Replicate's token, the platform's <c>sk-…</c>. Secret. Not used by <c>kling</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Access key of <c>kling</c>: the issuer of its tokens.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Secret key of <c>kling</c>, at least 32 characters: signs its tokens. Secret.</summary>
    public string? SecretKey { get; set; }

    /// <summary>
    /// Secrets (<c>whsec_…</c>) that verify callbacks of <c>replicate</c> and <c>platform</c>; several while one is being replaced. Secret.
    /// Without any, a callback is only a reason to ask.
    /// </summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <summary>Where <c>fal</c> publishes the keys of its callbacks; default fal's own address.</summary>
    public string? KeysUrl { get; set; }

    /// <summary>
    /// Whether the provider is given our callback URL (default true). It must be able to reach <c>Platform:PublicUrl</c>; without callbacks
    /// jobs are polled, and a job whose submit was not answered cannot be recovered where the provider has no look-up.
    /// </summary>
    public bool Callbacks { get; set; } = true;

    /// <summary>
    /// The provider's name of the model, by ours; default what its documentation says. For example <c>kling-v3</c> for
    /// <c>kling-v3-motion-control</c>.
    /// </summary>
    public IDictionary<string, string> Models { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Names of the input fields of <c>replicate</c>, by ours (<c>image_url</c>, <c>video_url</c>, <c>prompt</c>, <c>mode</c>,
    /// <c>character_orientation</c>, <c>keep_original_sound</c>); an empty name leaves the field out.
    /// </summary>
    public IDictionary<string, string> Fields { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Regions that it serves, as routes name them; empty for all.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>Most jobs that it may have at once, 1–100,000; default no bound of ours.</summary>
    public int? Slots { get; set; }
}

/// <summary>The accounts as routing sees them.</summary>
internal sealed class ConfiguredAccounts(UpstreamOptions options) : IUpstreamAccounts
{
    /// <inheritdoc/>
    public IReadOnlyList<UpstreamAccount> Accounts { get; } =
    [
        .. options.Accounts.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new UpstreamAccount
        {
            Name = a.Key,
            Kind = a.Value.Kind,
            Regions = [.. a.Value.Regions],
            Slots = a.Value.Slots,
        }),
    ];
}
