using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.Videos;

/// <summary>The <c>Idempotency-Key</c> of a request: absent, good, or not one.</summary>
internal readonly record struct IdempotencyKey(string? Value, bool IsValid)
{
    public const string HeaderName = "Idempotency-Key";

    /// <summary>Says that an answer is that of an earlier request.</summary>
    public const string ReplayedHeader = "idempotency-replayed";

    /// <summary>Value of <see cref="ReplayedHeader"/> where the key told.</summary>
    public const string ReplayedByKey = "true";

    /// <summary>Value of <see cref="ReplayedHeader"/> where the body told, for there was no key.</summary>
    public const string ReplayedByBody = "body";

    private const int MaxLength = 255;

    /// <summary>The header as the document shows it.</summary>
    public static readonly Input Input = OpenApi.Input.Header(
        HeaderName, Schema.Pattern($"^[!-~]{{1,{MaxLength}}}$"), "A name of your own for this request: sending it again with the same body does nothing more.");

    public static IdempotencyKey Of(HttpRequest request)
    {
        var header = request.Headers[HeaderName];
        if (header.Count == 0)
        {
            return new(null, true);
        }

        var value = header[0];
        return header.Count == 1 && value is { Length: > 0 and <= MaxLength } && value.All(c => c is > ' ' and <= '~')
            ? new(value, true)
            : new(null, false);
    }
}
