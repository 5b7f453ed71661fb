using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Files;

/// <summary>What signed links promise.</summary>
internal static class ContentOperations
{
    private const string About = "The bytes, through a link that the API gave out: its signature is the permission, no key is asked for. Ranges are served.";

    private static readonly Input[] Signature =
    [
        Input.Query("expires", Schema.Text(), "When the link ends (unix seconds); part of the link."),
        Input.Query("signature", Schema.Text(), "Signature of the link."),
    ];

    private static readonly Input[] OfTask =
    [
        Input.Path("tenant", Schema.Text(), "Whose task it is; part of the link."),
        Input.Path("task", Schema.Text(), "Which task it is; part of the link."),
        Input.Path("name", Schema.Text(), "Name of the bytes; part of the link."),
        .. Signature,
        .. Ranges.Inputs,
    ];

    public static readonly Operation GetFile = new("getFileContent", Topic.Files, "Get a file's bytes")
    {
        Description = About,
        Inputs = [Input.Path("id", Schema.Text(), "Id of the file."), .. Signature, .. Ranges.Inputs],
        Answers = Ranges.Answers("image/jpeg", "image/png", "video/mp4", "video/quicktime"),
        Refusals = Refusals(),
    };

    public static readonly Operation GetResult = new("getResultContent", Topic.Tasks, "Get a result's bytes")
    {
        Description = $"{About} `results[]` of a completed task names it.",
        Inputs = OfTask,
        Answers = Ranges.Answers("video/mp4"),
        Refusals = Refusals(),
    };

    public static readonly Operation GetInput = new("getInputContent", Topic.Tasks, "Get an input's bytes")
    {
        Description = $"{About} It is given to the provider that works on the task.",
        Inputs = OfTask,
        Answers = Ranges.Answers("image/jpeg", "image/png", "video/mp4", "video/quicktime"),
        Refusals = Refusals(),
    };

    private static ApiError[] Refusals() => [ApiErrors.LinkForged(), ApiErrors.LinkExpired(), ApiErrors.BytesGone()];
}
