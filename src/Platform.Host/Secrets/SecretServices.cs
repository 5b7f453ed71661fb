using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Platform.Domain.Secrets;

namespace Platform.Host.Secrets;

/// <summary>Adds the sealing of secrets.</summary>
internal static class SecretServices
{
    // Part of what seals: another name opens nothing. The same for all processes and all versions.
    private const string ApplicationName = "platform";

    /// <summary>
    /// Adds <see cref="ISecretBox"/>, with keys in the store that are wrapped by a secret of the installation. What one process seals,
    /// every process with the same store and the same secret opens.
    /// </summary>
    /// <param name="services">Where to add it; a <see cref="IKeyRingStore"/> must be there.</param>
    /// <param name="wrapSecret">The installation's secret, the same for all its processes and for ever.</param>
    public static IServiceCollection AddSecretBox(this IServiceCollection services, string wrapSecret)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton(new KeyWrapSecret(wrapSecret));
        services.AddSingleton<StoredKeyRing>();
        services.AddSingleton<ISecretBox, DataProtectionSecretBox>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = provider.GetRequiredService<StoredKeyRing>();
            options.XmlEncryptor = new KeyWrapEncryptor(provider.GetRequiredService<KeyWrapSecret>());
        }));
        return services;
    }
}
