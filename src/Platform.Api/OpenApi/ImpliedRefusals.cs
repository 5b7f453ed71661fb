using Platform.Api.Auth;
using Platform.Api.Errors;

namespace Platform.Api.OpenApi;

/// <summary>The refusals that an operation has because of how it is mapped and what it takes.</summary>
internal static class ImpliedRefusals
{
    public static IEnumerable<ApiError> Of(Operation operation, KeyKind key)
    {
        if (operation.Body is { } body && body != Content.Anything)
        {
            yield return ApiErrors.InvalidBody("The body is not valid JSON at line 1, byte 2: it must be one UTF-8 JSON object, at most 16 levels deep, each key once.");
            yield return Parameter;
            if (body.MediaType == Content.JsonMediaType)
            {
                yield return ApiErrors.BodyTooLarge(RequestBody.MaxBytes);
                yield return ApiErrors.UnsupportedMediaType("application/json in UTF-8");
            }
        }
        else if (operation.Inputs.Any(i => i.IsQuery))
        {
            yield return Parameter;
        }

        if (key != KeyKind.None)
        {
            yield return ApiErrors.InvalidApiKey();
        }

        if (key is KeyKind.Tenant or KeyKind.TenantIfAny)
        {
            yield return ApiErrors.KeyDisabled();
            yield return ApiErrors.KeyExpired();
            yield return ApiErrors.UserDisabled();
        }

        yield return ApiErrors.InternalError();
    }

    private static ApiError Parameter => ApiErrors.InvalidParameter("quality", "'quality' must be '720p' or '1080p'; it is '4k'.");
}

/// <summary>Which key an endpoint asks for.</summary>
internal enum KeyKind
{
    None,
    Tenant,
    TenantIfAny,
    Operator,
}

/// <summary>Reads the key's kind off an endpoint.</summary>
internal static class KeyKinds
{
    public static KeyKind Of(Microsoft.AspNetCore.Http.EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<RequiresTenant>() is not null ? KeyKind.Tenant
        : metadata.GetMetadata<AcceptsTenant>() is not null ? KeyKind.TenantIfAny
        : metadata.GetMetadata<RequiresOperator>() is not null ? KeyKind.Operator
        : KeyKind.None;
}
