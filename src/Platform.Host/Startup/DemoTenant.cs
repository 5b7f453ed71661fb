using Platform.Api.Auth;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Host.Startup;

/// <summary>The tenant that lets a newcomer make a first call without an account anywhere.</summary>
internal sealed partial class DemoTenant(
    ITenantStore tenants, IGrainFactory grains, TimeProvider time, ILogger<DemoTenant> logger)
{
    private const string GrantId = "grt_demo";
    private static readonly TenantId Id = new("ten_demo");

    /// <summary>Makes tenant, key and credits where they are missing. Repeating it changes nothing.</summary>
    public async Task EnsureAsync(string secret, decimal credits, CancellationToken cancellationToken)
    {
        await tenants.AddTenantAsync(
            new() { Id = Id, Name = "Demo", MayUseSandbox = true, CreatedAt = time.GetUtcNow() }, cancellationToken);
        var hash = KeySecret.Hash(secret);
        await tenants.AddKeyAsync(
            new()
            {
                // A key that is set anew in the settings is another key.
                Id = $"key_demo_{hash[..12]}",
                Tenant = Id,
                Name = "Demo key",
                SecretHash = hash,
                CreatedAt = time.GetUtcNow(),
            },
            cancellationToken);
        if (credits > 0)
        {
            var reply = await grains.GetGrain<ITenantGrain>(Id.Value).Grant(new()
            {
                GrantId = GrantId,
                Amount = CreditAmount.From(credits),
                Note = "Demo credits",
            });
            if (reply.Outcome != BookOutcome.Booked)
            {
                LogGrantKept(logger, reply.Reason ?? "Demo credits are granted once, and were granted with another amount.");
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No demo credits were booked: {Reason}")]
    private static partial void LogGrantKept(ILogger logger, string reason);
}
