using Microsoft.Extensions.Options;
using Platform.Upstreams.Callbacks;
using Platform.Upstreams.Fal;
using Platform.Upstreams.Kling;
using Platform.Upstreams.PlatformApi;
using Platform.Upstreams.Replicate;

namespace Platform.Upstreams;

/// <summary>Refuses accounts that could not work, naming the account and the property, and never a secret.</summary>
internal sealed class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>
{
    // What HS256 asks of its key.
    private const int MinKlingSecretLength = 32;

    private const int MaxNameLength = 64;
    private const int MaxSlots = 100_000;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var failures = new List<string>();
        foreach (var (account, settings) in options.Accounts)
        {
            if (account.Length is 0 or > MaxNameLength || !account.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            {
                failures.Add($"The account '{account}' must have a name of 1 to {MaxNameLength} characters of [A-Za-z0-9._-].");
            }

            Check(settings, (property, rule) => failures.Add($"Accounts:{account}:{property} {rule}"));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(UpstreamAccountOptions settings, Action<string, string> refuse)
    {
        switch (settings.Kind)
        {
            case KlingUpstream.KindName:
                Require(settings.AccessKey, nameof(settings.AccessKey));
                if (settings.SecretKey is not { Length: >= MinKlingSecretLength })
                {
                    refuse(nameof(settings.SecretKey), $"must have at least {MinKlingSecretLength} characters.");
                }

                break;
            case FalUpstream.KindName or ReplicateUpstream.KindName:
                Require(settings.ApiKey, nameof(settings.ApiKey));
                break;
            case PlatformUpstream.KindName:
                Require(settings.ApiKey, nameof(settings.ApiKey));
                Require(settings.BaseUrl, nameof(settings.BaseUrl));
                break;
            default:
                refuse(nameof(settings.Kind), "must be kling, fal, replicate or platform.");
                break;
        }

        if (settings.ApiKey is { } key && key.Any(c => c is <= ' ' or > '~'))
        {
            refuse(nameof(settings.ApiKey), "must be visible ASCII.");
        }

        CheckUrl(settings.BaseUrl, nameof(settings.BaseUrl));
        CheckUrl(settings.KeysUrl, nameof(settings.KeysUrl));
        if (settings.WebhookSecrets.Any(s => StandardWebhook.TryRead(s) is null))
        {
            refuse(nameof(settings.WebhookSecrets), "must be 'whsec_' and base64.");
        }

        if (settings.Slots is < 1 or > MaxSlots)
        {
            refuse(nameof(settings.Slots), $"must be between 1 and {MaxSlots}.");
        }

        if (settings.Fields.Keys.FirstOrDefault(f => !ReplicateInput.Fields.Contains(f, StringComparer.Ordinal)) is { } unknown)
        {
            refuse(nameof(settings.Fields), $"has '{unknown}', which is none of {string.Join(", ", ReplicateInput.Fields)}.");
        }

        void Require(string? value, string property)
        {
            if (string.IsNullOrEmpty(value))
            {
                refuse(property, "must be set.");
            }
        }

        void CheckUrl(string? value, string property)
        {
            if (value is not null
                && !(Uri.TryCreate(value, UriKind.Absolute, out var url)
                    && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
                    && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0))
            {
                refuse(property, "must be an absolute http or https URL without user, query and fragment.");
            }
        }
    }
}
