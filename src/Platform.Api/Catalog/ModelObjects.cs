using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Domain.Catalog;
using Platform.Domain.Media;

namespace Platform.Api.Catalog;

/// <summary>A model as callers see it: what it takes, and what it costs them.</summary>
internal sealed record ModelObject
{
    /// <summary>Name in requests.</summary>
    public required string Id { get; init; }

    /// <summary>What this is.</summary>
    [AllowedValues("model")]
    public string Object { get; init; } = "model";

    /// <summary>Name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it makes.</summary>
    public required string Type { get; init; }

    /// <summary>Where it is called.</summary>
    public string Endpoint { get; init; } = "/v1/videos/generations";

    /// <summary>Seconds that a task usually takes.</summary>
    public required int EstimatedTime { get; init; }

    /// <summary>JSON Schema of the body of a create.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>What the inputs must be, by the parameter that names them.</summary>
    public required IReadOnlyDictionary<string, MediaLimitsObject> Limits { get; init; }

    /// <summary>What it costs you.</summary>
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
    /// <summary>What it is.</summary>
    [AllowedValues("image", "video")]
    public required string Kind { get; init; }

    /// <summary>Formats that are taken.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>Most bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Fewest pixels of a side.</summary>
    public required int MinSide { get; init; }

    /// <summary>Most pixels of a side.</summary>
    public required int MaxSide { get; init; }

    /// <summary>Most that the longer side may have of the shorter.</summary>
    public decimal? MaxAspectRatio { get; init; }

    /// <summary>Fewest seconds.</summary>
    public int? MinDuration { get; init; }

    /// <summary>Most seconds, by <c>character_orientation</c>.</summary>
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
/// <param name="Data">The models.</param>
internal sealed record ModelListObject(IReadOnlyList<ModelObject> Data)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}
