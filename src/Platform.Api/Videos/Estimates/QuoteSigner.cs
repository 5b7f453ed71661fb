using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Api.Videos.Estimates;

/// <summary>
/// Makes quote ids and reads them. An id is the quote itself with a MAC over it and the tenant, so that an estimate writes nothing and
/// any replica with the same key knows it; another tenant's quote is as good as none (decision 0008).
/// </summary>
internal sealed class QuoteSigner(IOptions<ApiOptions> options)
{
    private const string Prefix = "quote_";
    private const byte Format = 1;
    private const int MacLength = HMACSHA256.HashSizeInBytes;

    /// <summary>The id of a quote.</summary>
    public string Sign(TenantId tenant, Quote quote)
    {
        var content = Write(quote);
        return Prefix + Base64Url.EncodeToString([.. content, .. Mac(options.Value.QuoteKeys[0], tenant, content)]);
    }

    /// <summary>The quote of an id, or null where it is none of this tenant's. Whether it still holds is the caller's to judge.</summary>
    public Quote? Read(TenantId tenant, string quoteId)
    {
        if (!quoteId.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(quoteId.AsSpan(Prefix.Length)))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(quoteId.AsSpan(Prefix.Length));
        if (bytes.Length <= MacLength)
        {
            return null;
        }

        var content = bytes[..^MacLength];
        var isOurs = false;
        foreach (var key in options.Value.QuoteKeys)
        {
            isOurs |= CryptographicOperations.FixedTimeEquals(bytes.AsSpan(content.Length), Mac(key, tenant, content));
        }

        return isOurs && content[0] == Format ? Read(content) : null;
    }

    private static byte[] Mac(byte[] key, TenantId tenant, byte[] content)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"quote {tenant.Value}\n"), .. content];
        return HMACSHA256.HashData(key, signed);
    }

    private static byte[] Write(Quote quote)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Format);
            writer.Write(Convert.FromHexString(quote.Subject));
            writer.Write(quote.ExpiresAt.ToUnixTimeMilliseconds());
            writer.Write(quote.Credits.Units);
            writer.Write(quote.Price.PriceVersion);
            writer.Write(quote.Price.BasePerSecond.Units);
            writer.Write(quote.Price.QualityMultiplier);
            writer.Write(quote.Price.UserGroup);
            writer.Write(quote.Price.GroupMultiplier);
            writer.Write(quote.Price.UnitPrice.Units);
            writer.Write((byte)quote.Price.Rounding);
            writer.Write(quote.Price.CreditsPerUsd);
        }

        return stream.ToArray();
    }

    private static Quote Read(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content));
        reader.ReadByte();
        var subject = Convert.ToHexStringLower(reader.ReadBytes(SHA256.HashSizeInBytes));
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
        var credits = CreditAmount.FromUnits(reader.ReadInt64());
        return new(
            subject,
            new()
            {
                PriceVersion = reader.ReadInt32(),
                BasePerSecond = CreditAmount.FromUnits(reader.ReadInt64()),
                QualityMultiplier = reader.ReadDecimal(),
                UserGroup = reader.ReadString(),
                GroupMultiplier = reader.ReadDecimal(),
                UnitPrice = CreditAmount.FromUnits(reader.ReadInt64()),
                Rounding = (SecondsRounding)reader.ReadByte(),
                CreditsPerUsd = reader.ReadDecimal(),
            },
            credits,
            expiresAt);
    }
}
