namespace Platform.Grains.Faults;

/// <summary>
/// Places between two steps at which a test lets the process die. In service every call does nothing.
/// </summary>
public interface IFaultPoints
{
    /// <summary>Says that a place is reached; may not return.</summary>
    void Reach(string point);
}

/// <summary>The names of the places.</summary>
public static class FaultPoint
{
    /// <summary>A task is committed; the reply is not sent.</summary>
    public const string Accepted = "accepted";

    /// <summary>The inputs are copied; that is not committed.</summary>
    public const string InputsCopied = "inputs-copied";

    /// <summary>An attempt is committed; nothing is sent.</summary>
    public const string BeforeSubmit = "before-submit";

    /// <summary>The upstream has answered a submit; that is not committed.</summary>
    public const string AfterSubmit = "after-submit";

    /// <summary>The upstream runs it, and that is committed.</summary>
    public const string Running = "running";

    /// <summary>The upstream has finished; the copy has not begun.</summary>
    public const string BeforeStore = "before-store";

    /// <summary>The result is copied; nothing is settled.</summary>
    public const string AfterStore = "after-store";

    /// <summary>The end is decided; it is not committed.</summary>
    public const string BeforeSettle = "before-settle";

    /// <summary>The end is committed; the task does not know.</summary>
    public const string AfterSettle = "after-settle";

    /// <summary>A delivery is claimed; nothing is sent.</summary>
    public const string BeforeDelivery = "before-delivery";

    /// <summary>A receiver has answered; that is not committed.</summary>
    public const string AfterDelivery = "after-delivery";

    /// <summary>The places of the delivery of webhooks, which a task passes only where somebody is to be told of it.</summary>
    public static IReadOnlyList<string> Webhooks { get; } = [BeforeDelivery, AfterDelivery];

    /// <summary>All places of a task, in the order in which it passes them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Accepted, InputsCopied, BeforeSubmit, AfterSubmit, Running, BeforeStore, AfterStore, BeforeSettle, AfterSettle];
}

/// <summary>What is used in service.</summary>
internal sealed class NoFaultPoints : IFaultPoints
{
    public void Reach(string point)
    {
        // Nobody listens.
    }
}
