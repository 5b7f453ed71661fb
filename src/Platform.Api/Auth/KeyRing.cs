using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.Domain.Tenants;

namespace Platform.Api.Auth;

/// <summary>Finds the caller of a secret; trusts what it found for a moment, so that a burst of calls asks the store once.</summary>
internal sealed class KeyRing(ITenantStore tenants, TimeProvider time, IOptions<ApiOptions> options)
{
    // Guesses are not kept, so that only keys that exist take memory; this bounds those as well.
    private const int MaxEntries = 100_000;

    private readonly ConcurrentDictionary<KeyDigest, Entry> _entries = new();

    public ValueTask<Caller?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var digest = KeyDigest.Of(secret);
        return _entries.TryGetValue(digest, out var entry) && time.GetElapsedTime(entry.LookedUp) < options.Value.KeyCacheTime
            ? new(entry.Caller)
            : LookUpAsync(digest, KeySecret.IsTest(secret), cancellationToken);
    }

    private async ValueTask<Caller?> LookUpAsync(KeyDigest digest, bool isTest, CancellationToken cancellationToken)
    {
        var lookedUp = time.GetTimestamp();
        if (await tenants.FindKeyByHashAsync(digest.ToHex(), cancellationToken) is not { } key
            || await tenants.FindTenantAsync(key.Tenant, cancellationToken) is not { } tenant)
        {
            _entries.TryRemove(digest, out _);
            return null;
        }

        var caller = new Caller(isTest ? tenant.ForTests() : tenant, key);
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }

        _entries[digest] = new(caller, lookedUp);
        return caller;
    }

    private sealed record Entry(Caller Caller, long LookedUp);
}
