using System.Collections.Immutable;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Storage.Json;

/// <summary>The parts that the documents of tasks and of events have in common.</summary>
internal static class Parts
{
    public static OutputDocument Write(UpstreamOutput output) => new(output.Location, output.DurationSeconds);

    public static UpstreamOutput Read(OutputDocument output) => new(output.Location, output.Seconds);

    public static FaultDocument? Write(UpstreamFault? fault) => fault is null ? null : new(fault.Code, fault.Message);

    public static UpstreamFault? Read(FaultDocument? fault) => fault is null ? null : new(fault.Code, fault.Message);

    public static ErrorDocument Write(TaskError error) => new(error.Code.WireName(), error.Message);

    public static TaskError Read(ErrorDocument error) => new(ReadCode(error.Code), error.Message);

    public static TaskErrorCode ReadCode(string code) => TaskErrorCodes.Parse(code)
        ?? throw new StoredJsonException($"A stored task has the unknown error code '{code}'.");

    public static ResultDocument Write(StoredResult result) => new(result.BlobKey, Write(result.Blob), Write(result.Info));

    public static StoredResult Read(ResultDocument result) => new(result.Key, Read(result.Blob), Read(result.Media));

    public static CopiedInputDocument[]? Write(ImmutableArray<CopiedInput> inputs) =>
        inputs.IsDefaultOrEmpty ? null : [.. inputs.Select(i => new CopiedInputDocument(i.Kind, i.BlobKey, Write(i.Blob), Write(i.Info)))];

    public static ImmutableArray<CopiedInput> Read(CopiedInputDocument[]? inputs) =>
        inputs is null ? [] : [.. inputs.Select(i => new CopiedInput(i.Kind, i.Key, Read(i.Blob), Read(i.Media)))];

    private static BlobDocument Write(BlobInfo blob) => new(blob.Length, blob.Sha256);

    private static BlobInfo Read(BlobDocument blob) => new(blob.Length, blob.Sha256);

    private static MediaDocument Write(MediaInfo info) =>
        new(info.Format, info.Width, info.Height, info.DurationSeconds, info.HasAudio ? true : null);

    private static MediaInfo Read(MediaDocument info) => new()
    {
        Format = info.Format,
        Width = info.Width,
        Height = info.Height,
        DurationSeconds = info.Seconds,
        HasAudio = info.Audio ?? false,
    };
}
