using Platform.Domain;

namespace Platform.Simulation.Kernel;

/// <summary>All that is left to chance in one run. The same seed makes the same choices, on every machine and in every version.</summary>
internal sealed class Chance(ulong seed) : IIdSource, IRandomSource
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private ulong _state = seed;

    public int Below(int count) => (int)(((UInt128)Bits() * (ulong)count) >> 64);

    public bool Percent(int percent) => Below(100) < percent;

    public bool OneIn(int count) => Below(count) == 0;

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(NextDouble() * (most - least).Ticks));

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public double NextDouble() => (Bits() >> 11) * (1.0 / (1ul << 53));

    public string Next(int length) => string.Create(length, this, static (text, chance) =>
    {
        foreach (ref var c in text)
        {
            c = Alphabet[chance.Below(Alphabet.Length)];
        }
    });

    // SplitMix64: small, and written down, so that no version of the runtime changes it.
    private ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
