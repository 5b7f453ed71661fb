using Platform.Domain.Upstreams;

namespace Platform.Grains.Tasks;

/// <summary>The upstreams that are configured, by kind.</summary>
internal sealed class UpstreamRegistry(IEnumerable<IUpstream> upstreams)
{
    private readonly Dictionary<string, IUpstream> _byKind = upstreams.ToDictionary(u => u.Kind, StringComparer.Ordinal);

    public IUpstream? Find(string kind) => _byKind.GetValueOrDefault(kind);

    public UpstreamCapabilities? Capabilities(string kind) => Find(kind)?.Capabilities;
}
