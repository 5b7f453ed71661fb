using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Platform.Host.Settings;

/// <summary>Checks all settings at once, before anything is built on them. Each failure names the key as it is set.</summary>
internal static class SettingsValidation
{
    /// <param name="settings">The settings.</param>
    /// <param name="configuration">Where they come from.</param>
    /// <param name="serves">Whether the process serves, rather than migrates or looks at the store.</param>
    /// <exception cref="OptionsValidationException">Something is wrong; its message says what, and where.</exception>
    public static void Check(PlatformSettings settings, IConfiguration configuration, bool serves)
    {
        var failures = new List<string>(Annotated(settings, PlatformSettings.Section));
        failures.AddRange(Together(settings, configuration, serves));
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(PlatformSettings.Section, typeof(PlatformSettings), failures);
        }
    }

    private static IEnumerable<string> Annotated(object section, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(section, new(section), results, validateAllProperties: true);
        foreach (var result in results)
        {
            yield return $"{path}:{string.Join(',', result.MemberNames)}: {result.ErrorMessage}";
        }

        foreach (var property in section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0
                && property.GetValue(section) is { } value and not (string or IEnumerable or ValueType)
                && value.GetType().Assembly == typeof(PlatformSettings).Assembly)
            {
                foreach (var failure in Annotated(value, $"{path}:{property.Name}"))
                {
                    yield return failure;
                }
            }
        }
    }

    private static IEnumerable<string> Together(PlatformSettings settings, IConfiguration configuration, bool serves)
    {
        if (settings.Silo.Address is { } address && !IPAddress.TryParse(address, out _))
        {
            yield return "Platform:Silo:Address: must be an IP address.";
        }

        if (!settings.UsesPostgres)
        {
            if (settings.Role is HostRole.Api or HostRole.Silo)
            {
                yield return $"Platform:Role: '{settings.Role}' needs a cluster, which needs Platform:Storage=postgres.";
            }

            yield break;
        }

        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(PlatformSettings.ConnectionName)))
        {
            yield return "ConnectionStrings:Platform: is required with Platform:Storage=postgres.";
        }

        if (!serves)
        {
            yield break;
        }

        // A replica cannot make up what all replicas must share.
        if (string.IsNullOrWhiteSpace(settings.PublicUrl))
        {
            yield return "Platform:PublicUrl: is required with Platform:Storage=postgres.";
        }

        if (settings.LinkSigningKey is null)
        {
            yield return "Platform:LinkSigningKey: is required with Platform:Storage=postgres.";
        }

        if (settings.AdminKey is null && HostRole.ServesApi(settings.Role))
        {
            yield return "Platform:AdminKey: is required with Platform:Storage=postgres.";
        }

        if (settings.Demo is { Enabled: true, ApiKey: null } && HostRole.ServesApi(settings.Role))
        {
            yield return "Platform:Demo:ApiKey: is required with Platform:Storage=postgres and Platform:Demo:Enabled=true.";
        }
    }
}
