using System.Collections.Immutable;
using Platform.Domain.Media;

namespace Platform.Domain.Catalog;

/// <summary>What an input file must be.</summary>
public sealed record MediaLimits
{
    /// <summary>Kind of medium.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Formats, as people call them.</summary>
    public required ImmutableArray<string> Formats { get; init; }

    /// <summary>Largest file, in bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Least pixels of each side.</summary>
    public required int MinSide { get; init; }

    /// <summary>Most pixels of each side.</summary>
    public required int MaxSide { get; init; }

    /// <summary>Most that the longer side may be of the shorter; null for any.</summary>
    public decimal? MaxAspectRatio { get; init; }

    /// <summary>Shortest clip, in seconds; null for an image.</summary>
    public int? MinSeconds { get; init; }

    /// <summary>Longest clip by orientation, in seconds; empty for an image.</summary>
    public ImmutableSortedDictionary<string, int> MaxSeconds { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}
