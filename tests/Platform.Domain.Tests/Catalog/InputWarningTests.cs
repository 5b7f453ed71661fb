using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Media;

namespace Platform.Domain.Tests.Catalog;

public sealed class InputWarningTests
{
    private static readonly MediaInfo Good = new() { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = 10m };

    [Fact]
    public void Of_GoodInputs_IsNothing()
    {
        InputWarnings.Of("720p", Good, Good, []).Should().BeEmpty();
        InputWarnings.Of("720p", Good, Good, null).Should().BeEmpty();
        InputWarnings.Of("720p", null, null, null).Should().BeEmpty();
        InputWarnings.Of("720p", null, null, [1m]).Should().BeEmpty("a clip that could not be looked at has no known length");
    }

    [Theory]
    [InlineData("720p", 480, false)]
    [InlineData("720p", 479, true)]
    [InlineData("1080p", 720, false)]
    [InlineData("1080p", 719, true)]
    public void Of_FewPixels_WarnsByTheOutput(string quality, int side, bool warns)
    {
        var small = Good with { Width = side, Height = side };

        InputWarnings.Of(quality, small, Good with { Width = 1080 }, null).Select(w => (w.Code, w.Parameter))
            .Should().Equal(warns ? [(InputWarnings.LowResolution, "image_urls")] : []);
        InputWarnings.Of(quality, Good with { Width = 1080 }, small, null).Select(w => (w.Code, w.Parameter))
            .Should().Equal(warns ? [(InputWarnings.LowResolution, "video_urls")] : []);
    }

    [Theory]
    [InlineData(1440, 720, false)]
    [InlineData(1441, 720, true)]
    [InlineData(720, 1441, true)]
    public void Of_ExtremeRatio_Warns(int width, int height, bool warns) =>
        InputWarnings.Of("720p", Good, Good with { Width = width, Height = height }, null).Select(w => w.Code)
            .Should().Equal(warns ? [InputWarnings.ExtremeAspectRatio] : []);

    [Fact]
    public void Of_OneCut_WarnsOfIt()
    {
        var warning = InputWarnings.Of("720p", Good, Good, [4.25m]).Should().ContainSingle().Subject;

        warning.Code.Should().Be(InputWarnings.SceneCuts);
        warning.Message.Should().Contain("1 cut,").And.Contain("4.25 s");
    }

    [Theory]
    [InlineData(3.0, 4.0, false)]
    [InlineData(3.0, 3.999, true)]
    public void Of_CutsWithinASecond_WarnsOfThem(double first, double second, bool warns) =>
        Codes(10m, [(decimal)first, (decimal)second]).Contains(InputWarnings.RapidCuts).Should().Be(warns);

    [Theory]
    [InlineData(2.9, false)]
    [InlineData(2.89, true)]
    public void Of_LongestTakeIsShort_WarnsOfIt(double longest, bool warns) =>
        Codes((decimal)longest + 4m, [2m, 2m + (decimal)longest]).Contains(InputWarnings.ShortUsableLength).Should().Be(warns);

    private static IEnumerable<string> Codes(decimal length, ImmutableArray<decimal> cuts) =>
        InputWarnings.Of("720p", Good, Good with { DurationSeconds = length }, cuts).Select(w => w.Code);
}
