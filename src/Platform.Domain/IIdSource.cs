namespace Platform.Domain;

/// <summary>Where new identifiers come from. Injected, so that a simulated run can be repeated from its seed.</summary>
public interface IIdSource
{
    /// <summary>Returns <paramref name="length"/> unpredictable characters of <c>[0-9a-z]</c> without look-alikes.</summary>
    /// <param name="length">Number of characters, 1–64; each carries five bits of entropy.</param>
    string Next(int length);
}
