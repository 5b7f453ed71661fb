using System.Collections.Immutable;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Contracts.Surrogates;

/// <summary>Wire form of <see cref="GenerationRequest"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.request")]
public struct GenerationRequestSurrogate
{
    /// <summary>The model.</summary>
    [Id(0)]
    public string Model;

    /// <summary>URL of the image.</summary>
    [Id(1)]
    public string ImageUrl;

    /// <summary>URL of the clip.</summary>
    [Id(2)]
    public string VideoUrl;

    /// <summary>The prompt.</summary>
    [Id(3)]
    public string? Prompt;

    /// <summary>The quality.</summary>
    [Id(4)]
    public string Quality;

    /// <summary>The orientation.</summary>
    [Id(5)]
    public string CharacterOrientation;

    /// <summary>Whether the sound is kept.</summary>
    [Id(6)]
    public bool KeepSound;

    /// <summary>Whether a watermark is wanted.</summary>
    [Id(7)]
    public bool Watermark;

    /// <summary>The element.</summary>
    [Id(8)]
    public string? ElementId;

    /// <summary>Where to tell of the end.</summary>
    [Id(9)]
    public string? CallbackUrl;

    /// <summary>The caller's pairs.</summary>
    [Id(10)]
    public Dictionary<string, string>? Metadata;

    /// <summary>The caller's user.</summary>
    [Id(11)]
    public string? EndUser;
}

/// <summary>Converts <see cref="GenerationRequest"/>.</summary>
[RegisterConverter]
public sealed class GenerationRequestConverter : IConverter<GenerationRequest, GenerationRequestSurrogate>
{
    /// <inheritdoc/>
    public GenerationRequest ConvertFromSurrogate(in GenerationRequestSurrogate surrogate) => new()
    {
        Model = surrogate.Model,
        ImageUrl = surrogate.ImageUrl,
        VideoUrl = surrogate.VideoUrl,
        Prompt = surrogate.Prompt,
        Quality = surrogate.Quality,
        CharacterOrientation = surrogate.CharacterOrientation,
        KeepSound = surrogate.KeepSound,
        Watermark = surrogate.Watermark,
        ElementId = surrogate.ElementId,
        CallbackUrl = surrogate.CallbackUrl,
        Metadata = surrogate.Metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty,
        EndUser = surrogate.EndUser,
    };

    /// <inheritdoc/>
    public GenerationRequestSurrogate ConvertToSurrogate(in GenerationRequest value) => new()
    {
        Model = value.Model,
        ImageUrl = value.ImageUrl,
        VideoUrl = value.VideoUrl,
        Prompt = value.Prompt,
        Quality = value.Quality,
        CharacterOrientation = value.CharacterOrientation,
        KeepSound = value.KeepSound,
        Watermark = value.Watermark,
        ElementId = value.ElementId,
        CallbackUrl = value.CallbackUrl,
        Metadata = value.Metadata.IsEmpty ? null : new(value.Metadata, StringComparer.Ordinal),
        EndUser = value.EndUser,
    };
}

/// <summary>Wire form of <see cref="StoredResult"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.result")]
public struct StoredResultSurrogate
{
    /// <summary>Where the bytes are.</summary>
    [Id(0)]
    public string BlobKey;

    /// <summary>Number of bytes.</summary>
    [Id(1)]
    public long Length;

    /// <summary>Their digest.</summary>
    [Id(2)]
    public string Sha256;

    /// <summary>The format.</summary>
    [Id(3)]
    public MediaFormat Format;

    /// <summary>Width in pixels.</summary>
    [Id(4)]
    public int Width;

    /// <summary>Height in pixels.</summary>
    [Id(5)]
    public int Height;

    /// <summary>Length in seconds.</summary>
    [Id(6)]
    public decimal? DurationSeconds;

    /// <summary>Whether there is sound.</summary>
    [Id(7)]
    public bool HasAudio;
}

/// <summary>Converts <see cref="StoredResult"/>.</summary>
[RegisterConverter]
public sealed class StoredResultConverter : IConverter<StoredResult, StoredResultSurrogate>
{
    /// <inheritdoc/>
    public StoredResult ConvertFromSurrogate(in StoredResultSurrogate surrogate) => new(
        surrogate.BlobKey,
        new(surrogate.Length, surrogate.Sha256),
        new()
        {
            Format = surrogate.Format,
            Width = surrogate.Width,
            Height = surrogate.Height,
            DurationSeconds = surrogate.DurationSeconds,
            HasAudio = surrogate.HasAudio,
        });

    /// <inheritdoc/>
    public StoredResultSurrogate ConvertToSurrogate(in StoredResult value) => new()
    {
        BlobKey = value.BlobKey,
        Length = value.Blob.Length,
        Sha256 = value.Blob.Sha256,
        Format = value.Info.Format,
        Width = value.Info.Width,
        Height = value.Info.Height,
        DurationSeconds = value.Info.DurationSeconds,
        HasAudio = value.Info.HasAudio,
    };
}

/// <summary>Wire form of <see cref="TaskError"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.task-error")]
public struct TaskErrorSurrogate
{
    /// <summary>The code.</summary>
    [Id(0)]
    public TaskErrorCode Code;

    /// <summary>The message.</summary>
    [Id(1)]
    public string Message;
}

/// <summary>Converts <see cref="TaskError"/>.</summary>
[RegisterConverter]
public sealed class TaskErrorConverter : IConverter<TaskError, TaskErrorSurrogate>
{
    /// <inheritdoc/>
    public TaskError ConvertFromSurrogate(in TaskErrorSurrogate surrogate) => new(surrogate.Code, surrogate.Message);

    /// <inheritdoc/>
    public TaskErrorSurrogate ConvertToSurrogate(in TaskError value) => new() { Code = value.Code, Message = value.Message };
}

/// <summary>Wire form of <see cref="UpstreamFault"/>.</summary>
[GenerateSerializer, Immutable, Alias("platform.s.upstream-fault")]
public struct UpstreamFaultSurrogate
{
    /// <summary>The code.</summary>
    [Id(0)]
    public string Code;

    /// <summary>The message.</summary>
    [Id(1)]
    public string Message;
}

/// <summary>Converts <see cref="UpstreamFault"/>.</summary>
[RegisterConverter]
public sealed class UpstreamFaultConverter : IConverter<UpstreamFault, UpstreamFaultSurrogate>
{
    /// <inheritdoc/>
    public UpstreamFault ConvertFromSurrogate(in UpstreamFaultSurrogate surrogate) => new(surrogate.Code, surrogate.Message);

    /// <inheritdoc/>
    public UpstreamFaultSurrogate ConvertToSurrogate(in UpstreamFault value) => new() { Code = value.Code, Message = value.Message };
}
