namespace Platform.Storage;

/// <summary>Money as it is stored: whole millionths of a US dollar.</summary>
internal static class MicroUsd
{
    private const decimal PerUsd = 1_000_000m;

    public static long Of(decimal usd) => usd * PerUsd is var micro && micro == decimal.Truncate(micro)
        ? (long)micro
        : throw new InvalidOperationException($"{usd} US dollars have more than six decimals.");

    public static decimal ToUsd(long micro) => micro / PerUsd;
}
