using Microsoft.AspNetCore.Http;
using Platform.Domain.Tenants;

namespace Platform.Api.Auth;

/// <summary>Who calls: the tenant comes from the key, never from the request.</summary>
internal sealed record Caller(Tenant Tenant, ApiKey Key)
{
    /// <summary>The caller of an endpoint that is open to all, or null.</summary>
    public static Caller? Find(HttpContext context) => context.Features.Get<Caller>();

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("This endpoint was mapped without authentication.");
}
