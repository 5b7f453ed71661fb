using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace Platform.Host.Pages;

/// <summary>
/// <c>/docs</c>: the OpenAPI document as pages. The script comes with the program; the page asks no other host for anything, and its
/// content security policy would not let it.
/// </summary>
internal static class ReferencePage
{
    private const string Address = "/docs";
    private const int NonceLength = 16;

    private static readonly object NonceKey = new();

    public static void MapReferencePage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("").AddEndpointFilter(static (context, next) =>
        {
            Protect(context.HttpContext);
            return next(context);
        });
        page.MapScalarApiReference(Address, static (options, context) =>
        {
            options
                .WithTitle("Platform – API reference")
                .WithOpenApiRoutePattern("/openapi/v1.json")
                .WithNonce(Nonce(context))
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools();
        });
    }

    private static void Protect(HttpContext context)
    {
        var headers = context.Response.Headers;

        // The page's script writes styles and draws pictures of its own; requests go here only, which is also how "try it" calls the API.
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{Nonce(context)}' 'strict-dynamic'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            + "font-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    // One for each answer.
    private static string Nonce(HttpContext context)
    {
        if (context.Items[NonceKey] is not string nonce)
        {
            context.Items[NonceKey] = nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength));
        }

        return nonce;
    }
}
