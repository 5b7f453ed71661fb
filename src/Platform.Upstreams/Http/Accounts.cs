using Microsoft.Extensions.Options;

namespace Platform.Upstreams.Http;

/// <summary>The accounts of one kind, each made ready once.</summary>
/// <typeparam name="T">What an adapter keeps of an account.</typeparam>
internal sealed class Accounts<T>
    where T : class
{
    private readonly Dictionary<string, T> _byName;

    public Accounts(IOptions<UpstreamOptions> options, string kind, Func<UpstreamAccountOptions, T> make) =>
        _byName = options.Value.Accounts
            .Where(a => string.Equals(a.Value.Kind, kind, StringComparison.Ordinal))
            .ToDictionary(a => a.Key, a => make(a.Value), StringComparer.Ordinal);

    /// <summary>An account, or null where it is not configured (any more).</summary>
    public T? Find(string name) => _byName.GetValueOrDefault(name);
}
