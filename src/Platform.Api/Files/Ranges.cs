using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.Files;

/// <summary>What answers share that serve bytes by ranges (RFC 9110, section 14).</summary>
internal static class Ranges
{
    private static readonly AnswerHeader AcceptRanges = new("Accept-Ranges", Schema.OneOf("bytes"), "That parts can be asked for.");

    private static readonly AnswerHeader ContentRange = new("Content-Range", Schema.Text(), "Which part this is.");

    private static readonly AnswerHeader[] OfAll =
    [
        AnswerHeader.ETag,
        AnswerHeader.CacheControl,
        AnswerHeader.ContentDisposition,
        AnswerHeader.ContentSecurityPolicy,
        AnswerHeader.ContentTypeOptions,
        AcceptRanges,
    ];

    public static Input[] Inputs { get; } =
    [
        Input.Header("Range", Schema.Text(), "The part that is wanted, such as `bytes=0-1023`."),
        Input.Header("If-Range", Schema.Text(), "Send the part only if the bytes are still those of this `ETag`; else everything."),
        ConditionalInputs.IfNoneMatch,
    ];

    public static Answer[] Answers(params string[] mediaTypes)
    {
        Content[] contents = [.. mediaTypes.Select(t => Content.Other(t, Schema.Bytes(t)))];
        return
        [
            new(StatusCodes.Status200OK, "All bytes.", contents) { Headers = OfAll },
            new(StatusCodes.Status206PartialContent, "The part that was asked for.", contents) { Headers = [.. OfAll, ContentRange] },
            ConditionalInputs.NotModified with { Headers = OfAll },
            new(StatusCodes.Status412PreconditionFailed, "The bytes are not those that `If-Match` names.") { Headers = OfAll },
            new(StatusCodes.Status416RangeNotSatisfiable, "There is no such part.") { Headers = [.. OfAll, ContentRange] },
        ];
    }
}
