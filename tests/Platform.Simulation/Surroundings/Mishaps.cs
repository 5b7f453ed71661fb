using Platform.Simulation.Kernel;

namespace Platform.Simulation.Surroundings;

/// <summary>How often things go wrong, in percent; nothing does once the faults have stopped.</summary>
internal sealed class Mishaps(Chance chance)
{
    // Some runs are stormy, and most get further.
    private readonly int _weather = chance.Pick([20, 60, 100, 180]);

    public bool HaveStopped { get; set; }

    public bool Happens(int percent) => !HaveStopped && chance.Below(10_000) < percent * _weather;

    /// <summary>A call that is safe to lose is lost.</summary>
    public bool LosesWake() => Happens(15);

    public Mishap OfCommit() => !Happens(10) ? Mishap.None : chance.Below(4) switch
    {
        0 => Mishap.FailsBefore,
        1 => Mishap.EffectComesLate,
        _ => Mishap.ReplyFails,
    };

    public Mishap OfRead() => Happens(2) ? Mishap.FailsBefore : Mishap.None;

    public Mishap OfUpstreamCall() => !Happens(12) ? Mishap.None : chance.Below(5) switch
    {
        0 => Mishap.FailsBefore,
        1 => Mishap.ReplyFails,
        2 => Mishap.NeverArrives,
        _ => Mishap.NeverAnswered,
    };
}
