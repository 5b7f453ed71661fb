using Microsoft.AspNetCore.Http;

namespace Platform.Api.OpenApi;

/// <summary>What answers with an ETag share.</summary>
internal static class ConditionalInputs
{
    public static readonly Input IfNoneMatch = Input.Header("If-None-Match", Schema.Text(), "The `ETag` that you have; where it still holds, the answer is a 304.");

    public static readonly Answer NotModified = new(StatusCodes.Status304NotModified, "What you have still holds.")
    {
        Headers = [AnswerHeader.ETag, AnswerHeader.CacheControl],
    };
}
