using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>The sentences in which a probe says no. Callers of the API read them; tests know them by name.</summary>
internal static class Refusals
{
    public static readonly ProbeResult.Refused Empty = new("The file is empty.");

    public static readonly ProbeResult.Refused CutOff = new("The file is cut off: its end is missing.");

    public static readonly ProbeResult.Refused Damaged = new("The file is damaged: its structure cannot be read.");

    public static readonly ProbeResult.Refused TooComplicated = new("The file's header is too large to be read.");

    public static readonly ProbeResult.Refused NoVideoTrack = new("The file has no video track.");

    public static readonly ProbeResult.Refused NoFrames = new("The file's video track has no frames.");

    public static readonly ProbeResult.Refused NoPicture = new("The file's video track does not say how large its picture is.");

    public static readonly ProbeResult.Refused TooLong = new("The file's video track claims to be longer than 24 hours.");

    public static readonly ProbeResult.Refused NoSize = new("The image does not say how large it is.");

    public static readonly ProbeResult.Refused Unknown = new("The file is not a JPEG, PNG, MP4 or MOV file.");

    public static ProbeResult.Refused Known(string format) => new($"The file is {format}; JPEG, PNG, MP4 and MOV are supported.");
}
