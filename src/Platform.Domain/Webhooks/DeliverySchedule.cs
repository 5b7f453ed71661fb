using System.Collections.Immutable;

namespace Platform.Domain.Webhooks;

/// <summary>When deliveries are tried (product.md section 7). Pure: it is told the time and the jitter.</summary>
public sealed class DeliverySchedule
{
    // A callback's retry comes within a quarter of its pause, before or after.
    private const double JitterShare = 0.25;

    // Tries of an endpoint that a downtime has made due together are kept apart.
    private static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(5);

    private readonly ImmutableArray<TimeSpan> _times;
    private readonly bool _fromLastTry;

    private DeliverySchedule(bool fromLastTry, TimeSpan mostRetryAfter, params ImmutableArray<TimeSpan> times)
    {
        _fromLastTry = fromLastTry;
        _times = times;
        MostRetryAfter = mostRetryAfter;
    }

    /// <summary>Of a <c>callback_url</c>: at once, then three retries 1, 2 and 4 s after the try before, with jitter.</summary>
    public static DeliverySchedule Callback { get; } = new(
        fromLastTry: true, TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    /// <summary>Of an endpoint: 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 24 h after the event.</summary>
    public static DeliverySchedule Endpoint { get; } = new(
        fromLastTry: false,
        TimeSpan.FromHours(1),
        TimeSpan.Zero,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(24));

    /// <summary>Most tries.</summary>
    public int MaxAttempts => _times.Length;

    /// <summary>Longest wait that a receiver's <c>Retry-After</c> is granted.</summary>
    public TimeSpan MostRetryAfter { get; }

    /// <summary>When to try again after a try that failed, or null where that was the last.</summary>
    /// <param name="from">What the schedule counts from.</param>
    /// <param name="attempts">Tries so far in this round of the schedule, at least 1.</param>
    /// <param name="now">When the try ended.</param>
    /// <param name="retryAfter">How long the receiver asked to be left alone, or null.</param>
    /// <param name="jitter">In [0, 1).</param>
    public DateTimeOffset? Next(DateTimeOffset from, int attempts, DateTimeOffset now, TimeSpan? retryAfter, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (attempts >= _times.Length)
        {
            return null;
        }

        var next = _fromLastTry
            ? now + (_times[attempts] * (1 - JitterShare + (2 * JitterShare * jitter)))
            : Later(from + _times[attempts], now + LeastGap);
        return retryAfter is { } asked ? Later(next, now + Bounded(asked)) : next;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private TimeSpan Bounded(TimeSpan asked) =>
        asked > MostRetryAfter ? MostRetryAfter : asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
}
