namespace Platform.Domain;

/// <summary>Where jitter comes from. Injected, so that a simulated run can be repeated from its seed.</summary>
public interface IRandomSource
{
    /// <summary>A number in [0, 1).</summary>
    double NextDouble();
}
