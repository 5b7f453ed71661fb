using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

/// <summary>What no encoder at hand writes: 64-bit sizes and times, odd edit lists, several tracks, false claims.</summary>
public sealed class BuiltMovieTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task ProbeAsync_AnyVersionAndSizeForm_SaysTheSame(byte version, bool longSizes)
    {
        var film = MovieBuilder.Film(version, longSizes, new TrackPlan { Edits = [(5005, 0, 1)] }, new TrackPlan { Handler = "soun" });

        (await Probes.RecogniseAsync(film)).Should().Be(new MediaInfo { Format = MediaFormat.Mp4, Width = 160, Height = 90, DurationSeconds = 5.005m, HasAudio = true });
        (await Probes.ProbeAsync(film[..^1])).Should().BeOfType<ProbeResult.Refused>();
    }

    public static TheoryData<string, (ulong, long, int)[], string> EditLists => new()
    {
        { "none of the list's entries", [], "10" },
        { "all", [(10_000, 0, 1)], "10" },
        { "a trim at the start", [(9_000, 1_000, 1)], "9" },
        { "a trim at the end", [(4_000, 0, 1)], "4" },
        { "a gap before the film", [(3_000, -1, 1), (10_000, 0, 1)], "10" },
        { "two pieces", [(2_000, 0, 1), (3_000, 5_000, 1)], "5" },
        { "the same piece twice", [(10_000, 0, 1), (10_000, 0, 1)], "20" },
        { "more than there is", [(60_000, 0, 1)], "10" },
        { "more than there is behind the start", [(10_000, 9_000, 1)], "1" },
        { "a start behind the end", [(10_000, 11_000, 1), (1_000, 0, 1)], "1" },
        { "the rest, unstated", [(0, 2_000, 1)], "8" },
        { "a still", [(10_000, 0, 1), (2_000, 0, 0)], "12" },
    };

    [Theory]
    [MemberData(nameof(EditLists))]
    public async Task ProbeAsync_EditList_IsWhatIsShown(string what, (ulong, long, int)[] edits, string seconds)
    {
        foreach (var version in new byte[] { 0, 1 })
        {
            var film = MovieBuilder.Film(version, false, new TrackPlan { Timescale = 1000, Samples = (100, 100), Edits = edits });

            (await Probes.RecogniseAsync(film)).DurationSeconds.Should().Be(decimal.Parse(seconds), what);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(4_000_000UL)]
    public async Task ProbeAsync_ClaimedDuration_CountsLessThanTheSamples(ulong claimed) =>
        (await Probes.RecogniseAsync(MovieBuilder.Film(0, false, new TrackPlan { ClaimedDuration = claimed }))).DurationSeconds.Should().Be(5.005m);

    [Fact]
    public async Task ProbeAsync_NoSampleTable_TakesTheClaim() =>
        (await Probes.RecogniseAsync(MovieBuilder.Film(0, false, new TrackPlan { Samples = (0, 0), ClaimedDuration = 60_000 }))).DurationSeconds.Should().Be(2);

    [Fact]
    public async Task ProbeAsync_NeitherSamplesNorClaim_IsRefused() =>
        (await Probes.ProbeAsync(MovieBuilder.Film(0, false, new TrackPlan { Samples = (0, 0) }))).Should().Be(Refusals.NoFrames);

    [Fact]
    public async Task ProbeAsync_LengthThatIsNoMultipleOfAMicrosecond_IsRoundedExactly() =>
        (await Probes.RecogniseAsync(MovieBuilder.Film(0, false, new TrackPlan { Timescale = 3, Samples = (1, 20) }))).DurationSeconds.Should().Be(6.666667m);

    [Theory]
    [InlineData(uint.MaxValue, uint.MaxValue, 1)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue)]
    [InlineData(86_401, 1, 1)]
    public async Task ProbeAsync_EndlessFilm_IsRefused(uint count, uint delta, uint timescale) =>
        (await Probes.ProbeAsync(MovieBuilder.Film(1, false, new TrackPlan { Timescale = timescale, Samples = (count, delta), ClaimedDuration = ulong.MaxValue - 1 })))
            .Should().Be(Refusals.TooLong);

    [Fact]
    public async Task ProbeAsync_SeveralVideoTracks_TheLongestEnabledOneCounts()
    {
        var film = MovieBuilder.Film(
            0,
            false,
            new TrackPlan { Timescale = 10, Samples = (30, 1), ShownSize = (30, 30) },
            new TrackPlan { Timescale = 10, Samples = (200, 1), ShownSize = (200, 200) },
            new TrackPlan { Timescale = 10, Samples = (900, 1), ShownSize = (90, 90), Enabled = false });

        (await Probes.RecogniseAsync(film)).Should().Be(new MediaInfo { Format = MediaFormat.Mp4, Width = 200, Height = 200, DurationSeconds = 20 });
    }

    [Fact]
    public async Task ProbeAsync_NoSizeInTheTrackHeader_TakesTheCodedOne()
    {
        var info = await Probes.RecogniseAsync(MovieBuilder.Film(0, false, new TrackPlan { ShownSize = (0, 0) }));
        (info.Width, info.Height).Should().Be((176, 96));

        (await Probes.ProbeAsync(MovieBuilder.Film(0, false, new TrackPlan { ShownSize = (0, 0), CodedSize = (0, 0) }))).Should().Be(Refusals.NoPicture);
    }

    [Theory]
    [InlineData(false, false, 160)]
    [InlineData(true, false, 90)]
    [InlineData(false, true, 90)]
    [InlineData(true, true, 160)]
    public async Task ProbeAsync_FilmAndTrackBothTurned_AreTurnedByHalf(bool film, bool track, int width) =>
        (await Probes.RecogniseAsync(MovieBuilder.Film(0, false, film, new TrackPlan { QuarterTurn = track }))).Width.Should().Be(width);

    [Theory]
    [InlineData("text")]
    [InlineData("soun")]
    public async Task ProbeAsync_OtherTracksOnly_IsRefused(string handler) =>
        (await Probes.ProbeAsync(MovieBuilder.Film(0, false, new TrackPlan { Handler = handler }))).Should().Be(Refusals.NoVideoTrack);
}
