namespace Platform.Api;

/// <summary>Decimals as they are shown.</summary>
internal static class ExactNumber
{
    /// <summary>The same number without trailing zeros, which a decimal would otherwise keep: 40.8240 becomes 40.824.</summary>
    public static decimal WithoutTrailingZeros(decimal number) => number / 1.0000000000000000000000000000m;

    /// <inheritdoc cref="WithoutTrailingZeros(decimal)"/>
    public static decimal? WithoutTrailingZeros(decimal? number) => number is { } known ? WithoutTrailingZeros(known) : null;
}
