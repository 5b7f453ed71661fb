using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Api.Errors;
using Platform.Domain.Tenants;

namespace Platform.Api.Auth;

/// <summary>Marks an endpoint that a tenant's key opens.</summary>
internal sealed class RequiresTenant;

/// <summary>Marks an endpoint that is open to all, and tells a tenant what is the tenant's own.</summary>
internal sealed class AcceptsTenant;

/// <summary>Marks an endpoint that an operator's key opens.</summary>
internal sealed class RequiresOperator;

/// <summary>Lets a request through to its endpoint only with the key that the endpoint asks for.</summary>
internal sealed class Authentication(RequestDelegate next, KeyRing keys, TimeProvider time, IOptions<ApiOptions> options)
{
    private const string Scheme = "Bearer ";
    private const int MaxSecretLength = 256;

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<RequiresTenant>() is not null)
        {
            return AuthenticateTenantAsync(context);
        }

        if (metadata?.GetMetadata<AcceptsTenant>() is not null && context.Request.Headers.Authorization.Count > 0)
        {
            return AuthenticateTenantAsync(context);
        }

        return metadata?.GetMetadata<RequiresOperator>() is not null ? AuthenticateOperatorAsync(context) : next(context);
    }

    private async Task AuthenticateTenantAsync(HttpContext context)
    {
        if (Secret(context) is not { } secret || await keys.FindAsync(secret, context.RequestAborted) is not { } caller)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidApiKey());
            return;
        }

        if (Refuse(caller) is { } error)
        {
            await ErrorResponse.WriteAsync(context, error);
            return;
        }

        context.Features.Set(caller);
        await next(context);
    }

    private async Task AuthenticateOperatorAsync(HttpContext context)
    {
        if (Secret(context) is { } secret && KeySecret.Equal(secret, options.Value.AdminKey))
        {
            await next(context);
            return;
        }

        await ErrorResponse.WriteAsync(context, ApiErrors.InvalidApiKey());
    }

    private ApiError? Refuse(Caller caller)
    {
        if (caller.Key.RevokedAt is not null)
        {
            return ApiErrors.KeyDisabled();
        }

        if (caller.Key.ExpiresAt <= time.GetUtcNow())
        {
            return ApiErrors.KeyExpired();
        }

        return caller.Tenant.Status == TenantStatus.Active ? null : ApiErrors.UserDisabled();
    }

    private static string? Secret(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var secret = value[Scheme.Length..].Trim();
        return secret.Length is > 0 and <= MaxSecretLength ? secret : null;
    }
}

/// <summary>Adds authentication to the pipeline and to endpoints.</summary>
internal static class AuthenticationExtensions
{
    public static IServiceCollection AddKeyAuthentication(this IServiceCollection services) => services.AddSingleton<KeyRing>();

    public static IApplicationBuilder UseKeyAuthentication(this IApplicationBuilder app) => app.UseMiddleware<Authentication>();

    public static TBuilder RequireTenant<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiresTenant());

    public static TBuilder AcceptTenant<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AcceptsTenant());

    public static TBuilder RequireOperator<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiresOperator());
}
