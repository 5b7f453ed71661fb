using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Platform.Domain.Secrets;

namespace Platform.Host.Secrets;

/// <summary>Seals secrets with ASP.NET data protection: authenticated encryption by a key that a new one replaces every 90 days.</summary>
internal sealed class DataProtectionSecretBox(IDataProtectionProvider provider) : ISecretBox
{
    public string Protect(string purpose, string secret) => provider.CreateProtector(purpose).Protect(secret);

    public string Unprotect(string purpose, string sealedSecret)
    {
        try
        {
            return provider.CreateProtector(purpose).Unprotect(sealedSecret);
        }
        catch (CryptographicException unreadable)
        {
            throw new SecretUnreadableException(purpose, unreadable);
        }
    }
}
