namespace Platform.Domain.Webhooks;

/// <summary>
/// How many deliveries one receiver is sent at once: many while it answers, few while it hangs, so that a receiver that hangs ties
/// down next to nothing while it still gets its tries.
/// </summary>
public sealed record ReceiverWindow
{
    private readonly int _most;
    private readonly int _least;

    private ReceiverWindow(int size, int least, int most)
    {
        Size = size;
        _least = least;
        _most = most;
    }

    /// <summary>Deliveries that may be on their way at once.</summary>
    public int Size { get; }

    /// <summary>A window that is wide open.</summary>
    /// <param name="most">Widest, at least 1.</param>
    public static ReceiverWindow Open(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new(most, Math.Min(2, most), most);
    }

    /// <summary>The window after a try: half as wide where the receiver ran out of time, twice as wide after any other end.</summary>
    public ReceiverWindow After(AttemptResult result) =>
        new(result.IsSlow ? Math.Max(_least, Size / 2) : Math.Min(_most, Size * 2), _least, _most);
}
