using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Media;

namespace Platform.Api.Files;

/// <summary>What the files' endpoints promise.</summary>
internal static class FileOperations
{
    private static readonly Input Id = Input.Path("id", Schema.Text(), "Id of the file.") with { Example = "file_8kq2mw4xn7cpd9rthv3sz6yb" };

    public static readonly Operation Upload = new("uploadFile", Topic.Files, "Upload a file")
    {
        Description = """
            A JPEG, PNG, MP4 or MOV of at most 100 MB, in the field `file` of a multipart form. It is looked at for what it is, whatever its name says.
            It is kept for 72 hours. Tasks have copies of their own, so that a file may go while its task runs.
            """,
        Body = Content.Other("multipart/form-data", new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["file"] = Schema.Bytes("application/octet-stream") },
            ["required"] = new JsonArray("file"),
        }),
        Answers = [Answer.Json("The file.", ApiJson.Wire.FileObject, ("clip", Example))],
        Refusals =
        [
            ApiErrors.FileTooLarge(UploadedFile.MaxBytes),
            ApiErrors.UnsupportedMediaType("multipart/form-data, with the file in the field 'file'"),
        ],
    };

    public static readonly Operation List = new("listFiles", Topic.Files, "List the files")
    {
        Description = "Your files that are still kept, newest first.",
        Inputs =
        [
            Input.Query("limit", Schema.Integer(1, 100, 20), "Files of a page."),
            Input.Query("after", Schema.Text(), "The `next` of the page before."),
        ],
        Answers = [Answer.Json("A page of files.", ApiJson.Wire.FileListObject, ("one", new([Example], HasMore: false, Next: null)))],
    };

    public static readonly Operation Get = new("getFile", Topic.Files, "Get a file")
    {
        Description = "What the file is, with its link. The bytes come through the link.",
        Inputs = [Id],
        Answers = [Answer.Json("The file.", ApiJson.Wire.FileObject, ("clip", Example))],
        Refusals = [ApiErrors.FileNotFound()],
    };

    public static readonly Operation Delete = new("deleteFile", Topic.Files, "Delete a file")
    {
        Description = "Removes the file now. Tasks that were made with it have copies of their own and go on.",
        Inputs = [Id],
        Answers = [Answer.Json("It is gone.", ApiJson.Wire.DeletedObject, ("gone", new("file_8kq2mw4xn7cpd9rthv3sz6yb", "file", Deleted: true)))],
        Refusals = [ApiErrors.FileNotFound()],
    };

    private static FileObject Example => new()
    {
        Id = "file_8kq2mw4xn7cpd9rthv3sz6yb",
        FileName = "dance.mp4",
        MimeType = "video/mp4",
        Size = 4_812_034,
        Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        Width = 1280,
        Height = 720,
        Duration = 5m,
        FileUrl = "https://api.example.com/v1/files/file_8kq2mw4xn7cpd9rthv3sz6yb/content?expires=1795680000&signature=Zm9yIHNob3c",
        Created = 1795420800,
        ExpiresAt = 1795680000,
    };
}
