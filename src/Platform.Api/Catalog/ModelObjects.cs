using System.Text.Json;
using Platform.Domain.Catalog;
using Platform.Domain.Media;

namespace Platform.Api.Catalog;

/// <summary>A model as callers see it: what it takes, and what it costs them.</summary>
internal sealed record ModelObject
{
    public required string Id { get; init; }

    public string Object { get; init; } = "model";

    public required string DisplayName { get; init; }

    public required string Type { get; init; }

    public string Endpoint { get; init; } = "/v1/videos/generations";

    public required int EstimatedTime { get; init; }

    /// <summary>JSON Schema of the body of a create.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>What the inputs must be, by the parameter that names them.</summary>
    public required IReadOnlyDictionary<string, MediaLimitsObject> Limits { get; init; }

    public required ModelPriceObject Pricing { get; init; }

    public static ModelObject Of(ModelDefinition model, ICatalog catalog, string userGroup, DateTimeOffset now) => new()
    {
        Id = model.Id,
        DisplayName = model.DisplayName,
        Type = model.OutputType,
        EstimatedTime = model.EstimatedSeconds,
        Parameters = model.Parameters.JsonSchema,
        Limits = model.Inputs.ToDictionary(i => i.Key, i => MediaLimitsObject.Of(i.Value), StringComparer.Ordinal),
        Pricing = ModelPriceObject.Of(model, catalog, userGroup, now),
    };
}

/// <summary>What an input file must be; sides in pixels, durations in seconds by orientation.</summary>
internal sealed record MediaLimitsObject
{
    public required string Kind { get; init; }

    public required IReadOnlyList<string> Formats { get; init; }

    public required long MaxBytes { get; init; }

    public required int MinSide { get; init; }

    public required int MaxSide { get; init; }

    public decimal? MaxAspectRatio { get; init; }

    public int? MinDuration { get; init; }

    public IReadOnlyDictionary<string, int>? MaxDuration { get; init; }

    public static MediaLimitsObject Of(MediaLimits limits) => new()
    {
        Kind = limits.Kind == MediaKind.Image ? "image" : "video",
        Formats = limits.Formats,
        MaxBytes = limits.MaxBytes,
        MinSide = limits.MinSide,
        MaxSide = limits.MaxSide,
        MaxAspectRatio = limits.MaxAspectRatio,
        MinDuration = limits.MinSeconds,
        MaxDuration = limits.MaxSeconds.IsEmpty ? null : limits.MaxSeconds,
    };
}

/// <summary>All models.</summary>
internal sealed record ModelListObject(IReadOnlyList<ModelObject> Data)
{
    public string Object { get; init; } = "list";
}
