using Microsoft.Extensions.Options;

namespace Platform.Media;

/// <summary>Refuses settings that could not work, naming the property.</summary>
internal sealed class MediaOptionsValidator : IValidateOptions<MediaOptions>
{
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TenthOfSecond = TimeSpan.FromMilliseconds(100);

    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        var failures = new List<string>();
        if (!IsBaseUrl(options.PublicUrl))
        {
            failures.Add($"{nameof(MediaOptions.PublicUrl)} must be an absolute http or https URL without user, query and fragment.");
        }

        if (options.LinkSigningKeys.Count == 0)
        {
            failures.Add($"{nameof(MediaOptions.LinkSigningKeys)} must hold at least one key.");
        }

        if (options.LinkSigningKeys.Any(key => key is not { Length: >= MediaOptions.MinSigningKeyBytes }))
        {
            failures.Add($"{nameof(MediaOptions.LinkSigningKeys)} must hold keys of at least {MediaOptions.MinSigningKeyBytes} bytes.");
        }

        Within(nameof(MediaOptions.InspectTimeout), options.InspectTimeout, TenthOfSecond, OneMinute);
        Within(nameof(MediaOptions.SceneCutPatience), options.SceneCutPatience, TenthOfSecond, OneMinute);
        Within(nameof(MediaOptions.InputCopyTimeout), options.InputCopyTimeout, OneSecond, OneHour);
        Within(nameof(MediaOptions.ResultCopyTimeout), options.ResultCopyTimeout, OneSecond, OneHour);

        var egress = options.Egress;
        Within("Egress.ConnectTimeout", egress.ConnectTimeout, TenthOfSecond, OneMinute);
        Within("Egress.HeaderTimeout", egress.HeaderTimeout, TenthOfSecond, OneMinute);
        Within("Egress.ProgressWindow", egress.ProgressWindow, TenthOfSecond, OneMinute);
        if (egress.MinBytesPerWindow < 1)
        {
            failures.Add("Egress.MinBytesPerWindow must be at least 1 byte.");
        }

        if (egress.MaxRedirects is < 0 or > 20)
        {
            failures.Add("Egress.MaxRedirects must be between 0 and 20.");
        }

        if (string.IsNullOrWhiteSpace(egress.UserAgent))
        {
            failures.Add("Egress.UserAgent must not be empty.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Within(string property, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
            {
                failures.Add($"{property} must be between {min} and {max}, and is {value}.");
            }
        }
    }

    private static bool IsBaseUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
