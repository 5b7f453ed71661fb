using System.Collections.Immutable;

namespace Platform.Domain.Tasks;

/// <summary>A validated request for a motion-control video, with every default filled in.</summary>
public sealed record GenerationRequest
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>URL of the character image, as the caller gave it.</summary>
    public required string ImageUrl { get; init; }

    /// <summary>URL of the motion clip, as the caller gave it.</summary>
    public required string VideoUrl { get; init; }

    /// <summary>Optional text, at most 2,500 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary><c>720p</c> or <c>1080p</c>.</summary>
    public required string Quality { get; init; }

    /// <summary><c>image</c> or <c>video</c>.</summary>
    public required string CharacterOrientation { get; init; }

    /// <summary>Whether the sound of the motion clip is kept.</summary>
    public bool KeepSound { get; init; } = true;

    /// <summary>Whether a watermark is wanted.</summary>
    public bool Watermark { get; init; }

    /// <summary>The element to keep the character's look by, or null.</summary>
    public string? ElementId { get; init; }

    /// <summary>Where to tell that the task has ended, or null.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The caller's own words about the task; at most 16 pairs.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The caller's own user, at most 128 characters, or null.</summary>
    public string? EndUser { get; init; }
}
