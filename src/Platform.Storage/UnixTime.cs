namespace Platform.Storage;

/// <summary>
/// Times as the store keeps them: whole milliseconds since 1970, in UTC. What is finer is cut off (towards the past), on every way
/// into the store and in every comparison alike, so that a time that was stored equals itself when it is read and compared again.
/// </summary>
internal static class UnixTime
{
    public static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long? Of(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? ToTime(long? milliseconds) =>
        milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    /// <summary>The time as it will be read back.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => ToTime(Of(time));

    /// <inheritdoc cref="Truncate(DateTimeOffset)"/>
    public static DateTimeOffset? Truncate(DateTimeOffset? time) => ToTime(Of(time));
}
