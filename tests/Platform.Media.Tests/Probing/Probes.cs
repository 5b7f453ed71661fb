using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

/// <summary>Short ways to our own parser, alone.</summary>
internal static class Probes
{
    public static MediaProbe Alone { get; } = new(new Nobody());

    public static async Task<ProbeResult> ProbeAsync(byte[] bytes) => await Alone.ProbeAsync(new MemoryStream(bytes), default);

    public static async Task<MediaInfo> RecogniseAsync(byte[] bytes) =>
        (await ProbeAsync(bytes)).Should().BeOfType<ProbeResult.Recognised>().Which.Info;

    private sealed class Nobody : ISecondOpinion
    {
        public Task<MediaInfo?> AskAsync(string path, MediaFormat format, CancellationToken cancellationToken) => Task.FromResult<MediaInfo?>(null);
    }
}
