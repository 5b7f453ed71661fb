using System.Text.Json;

namespace Platform.UpstreamSimulators;

/// <summary>An answer on the wire.</summary>
public sealed record SimulatorAnswer(int Status, string Json)
{
    /// <summary>Headers beyond the usual.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>An answer with this body.</summary>
    public static SimulatorAnswer Of(int status, object body) => new(status, JsonSerializer.Serialize(body));
}
