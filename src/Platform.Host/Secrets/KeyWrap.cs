using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Platform.Host.Secrets;

/// <summary>
/// The installation's own secret, which encrypts the keys that the store keeps: a copy of the database alone opens nothing.
/// </summary>
internal sealed class KeyWrapSecret(string secret)
{
    private const string Use = "platform key ring";

    public byte[] Key { get; } = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: Encoding.ASCII.GetBytes(Use));
}

/// <summary>Encrypts a key of the key ring with AES-256-GCM.</summary>
internal sealed class KeyWrapEncryptor(KeyWrapSecret secret) : IXmlEncryptor
{
    /// <summary>The element that holds a wrapped key: base64 of nonce, tag and ciphertext.</summary>
    public const string ElementName = "wrappedKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedKey = new byte[KeyWrapDecryptor.NonceLength + KeyWrapDecryptor.TagLength + plain.Length];
        var nonce = sealedKey.AsSpan(0, KeyWrapDecryptor.NonceLength);
        var tag = sealedKey.AsSpan(KeyWrapDecryptor.NonceLength, KeyWrapDecryptor.TagLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(secret.Key, KeyWrapDecryptor.TagLength);
        aes.Encrypt(nonce, plain, sealedKey.AsSpan(KeyWrapDecryptor.NonceLength + KeyWrapDecryptor.TagLength), tag);
        CryptographicOperations.ZeroMemory(plain);
        return new(new XElement(ElementName, Convert.ToBase64String(sealedKey)), typeof(KeyWrapDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyWrapEncryptor"/> has wrapped. The library makes it by its type, which is written beside the key.</summary>
internal sealed class KeyWrapDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedKey = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[sealedKey.Length - NonceLength - TagLength];
        using var aes = new AesGcm(services.GetRequiredService<KeyWrapSecret>().Key, TagLength);
        aes.Decrypt(
            sealedKey.AsSpan(0, NonceLength), sealedKey.AsSpan(NonceLength + TagLength), sealedKey.AsSpan(NonceLength, TagLength), plain);
        var element = XElement.Parse(Encoding.UTF8.GetString(plain));
        CryptographicOperations.ZeroMemory(plain);
        return element;
    }
}
