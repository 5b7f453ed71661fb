using System.Collections.Immutable;

namespace Platform.Domain;

/// <summary>
/// What a decider says to a command: the events it causes, or a refusal. No events and no refusal means that the command
/// was carried out before, so that repeating it is harmless.
/// </summary>
/// <typeparam name="TEvent">Union of events.</typeparam>
/// <typeparam name="TRefusal">Union of refusals.</typeparam>
public readonly record struct Decision<TEvent, TRefusal>
    where TRefusal : class
{
    private readonly ImmutableArray<TEvent> _events;

    private Decision(ImmutableArray<TEvent> events, TRefusal? refusal)
    {
        _events = events;
        Refusal = refusal;
    }

    /// <summary>The events, in the order in which they happen; empty with a refusal.</summary>
    public ImmutableArray<TEvent> Events => _events.IsDefault ? [] : _events;

    /// <summary>Why the command was refused, or null.</summary>
    public TRefusal? Refusal { get; }

    /// <summary>A decision that was carried out before, or that changes nothing.</summary>
    public static Decision<TEvent, TRefusal> Nothing => default;

    /// <summary>A decision with events; <see cref="Nothing"/> without.</summary>
    public static Decision<TEvent, TRefusal> Of(params ImmutableArray<TEvent> events) => events.IsDefaultOrEmpty ? Nothing : new(events, null);

    /// <summary>A refusal.</summary>
    public static Decision<TEvent, TRefusal> Refuse(TRefusal refusal) => new([], refusal);
}
