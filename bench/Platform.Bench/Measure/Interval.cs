using System.Diagnostics;

namespace Platform.Bench.Measure;

/// <summary>Who used the processors during a stretch of time.</summary>
/// <param name="Generator">Processor time of the load generator, which is this process.</param>
/// <param name="Subject">Processor time of what was loaded.</param>
/// <param name="Others">Processor time of everything else on the machine.</param>
/// <param name="Available">Processor time that there was: elapsed time times processors.</param>
internal sealed record Interval(TimeSpan Generator, TimeSpan Subject, TimeSpan Others, TimeSpan Available)
{
    public static Interval None { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>The generator's part of the processor time that the test used.</summary>
    public double GeneratorShare => Generator / (Generator + Subject);

    /// <summary>How much of the machine others took: what a figure may have suffered from.</summary>
    public double OthersShare => Others / Available;

    /// <summary>Runs something and looks at the processors before and after.</summary>
    public static (T Result, Interval Interval) Of<T>(int subject, Func<T> run)
    {
        var own = Environment.ProcessId;
        var started = Stopwatch.GetTimestamp();
        var (generator, loaded, machine) = (Kernel.ProcessorTime(own), Kernel.ProcessorTime(subject), Kernel.MachineTime());
        var result = run();
        generator = Kernel.ProcessorTime(own) - generator;
        loaded = Kernel.ProcessorTime(subject) - loaded;
        var others = Kernel.MachineTime() - machine - generator - loaded;
        return (result, new(generator, loaded, others, Stopwatch.GetElapsedTime(started) * Environment.ProcessorCount));
    }

    public static Interval operator +(Interval a, Interval b) =>
        new(a.Generator + b.Generator, a.Subject + b.Subject, a.Others + b.Others, a.Available + b.Available);
}
