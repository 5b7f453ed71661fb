using System.Globalization;
using Platform.Domain.Catalog;
using Platform.Domain.Media;

namespace Platform.Domain.Tests.Catalog;

public sealed class MotionControlModelTests
{
    private const long Megabyte = 1024 * 1024;

    [Theory]
    [InlineData(MediaFormat.Jpeg, 1080, 1920, 1)]
    [InlineData(MediaFormat.Png, 300, 300, 1)]
    [InlineData(MediaFormat.Png, 300, 750, 1)]
    [InlineData(MediaFormat.Png, 750, 300, 1)]
    [InlineData(MediaFormat.Png, 65536, 65536, 1)]
    [InlineData(MediaFormat.Png, 65536, 26215, 1)]
    [InlineData(MediaFormat.Jpeg, 1000, 1000, 10 * Megabyte)]
    public void CheckImage_WithinTheLimits_IsAccepted(MediaFormat format, int width, int height, long length) =>
        MotionControlModel.CheckImage(Image(format, width, height), length).Should().BeNull();

    [Theory]
    [InlineData(MediaFormat.Mp4, 1000, 1000, 1, "JPEG or PNG")]
    [InlineData(MediaFormat.Mov, 1000, 1000, 1, "JPEG or PNG")]
    [InlineData(MediaFormat.Png, 1000, 1000, (10 * Megabyte) + 1, "10 MB")]
    [InlineData(MediaFormat.Png, 1000, 1000, long.MaxValue, "10 MB")]
    [InlineData(MediaFormat.Png, 299, 300, 1, "300 to 65536")]
    [InlineData(MediaFormat.Png, 300, 299, 1, "300 to 65536")]
    [InlineData(MediaFormat.Png, 65537, 65536, 1, "300 to 65536")]
    [InlineData(MediaFormat.Png, 0, 0, 1, "300 to 65536")]
    [InlineData(MediaFormat.Png, -1, int.MaxValue, 1, "300 to 65536")]
    [InlineData(MediaFormat.Png, 300, 751, 1, "1:2.5")]
    [InlineData(MediaFormat.Png, 751, 300, 1, "1:2.5")]
    [InlineData(MediaFormat.Png, 65536, 26214, 1, "1:2.5")]
    public void CheckImage_BeyondALimit_SaysWhich(MediaFormat format, int width, int height, long length, string says) =>
        MotionControlModel.CheckImage(Image(format, width, height), length).Should().Contain(says);

    [Theory]
    [InlineData("2.9", "image")]
    [InlineData("2.9", "video")]
    [InlineData("10.1", "image")]
    [InlineData("10.1001", "video")]
    [InlineData("30.1", "video")]
    public void CheckVideo_DurationWithinTheTolerance_IsAccepted(string duration, string orientation) =>
        MotionControlModel.CheckVideo(Video(duration), 1, orientation).Should().BeNull();

    [Theory]
    [InlineData("2.8999", "image", "at least 3 s")]
    [InlineData("2.8999", "video", "at least 3 s")]
    [InlineData("0", "video", "at least 3 s")]
    [InlineData("-5", "video", "at least 3 s")]
    [InlineData(null, "video", "at least 3 s")]
    [InlineData("10.1001", "image", "at most 10 s")]
    [InlineData("30.1", "image", "at most 10 s")]
    [InlineData("30.1001", "video", "at most 30 s")]
    [InlineData("79228162514264337593543950335", "video", "at most 30 s")]
    public void CheckVideo_DurationBeyondTheTolerance_SaysTheLimit(string? duration, string orientation, string says) =>
        MotionControlModel.CheckVideo(Video(duration), 1, orientation).Should().Contain(says);

    [Theory]
    [InlineData(340, 340, 1)]
    [InlineData(340, 3850, 1)]
    [InlineData(3850, 3850, 100 * Megabyte)]
    public void CheckVideo_SizeWithinTheLimits_IsAccepted(int width, int height, long length) =>
        MotionControlModel.CheckVideo(Video("5") with { Width = width, Height = height }, length, "image").Should().BeNull();

    [Theory]
    [InlineData(339, 340, 1, "340 to 3850")]
    [InlineData(340, 339, 1, "340 to 3850")]
    [InlineData(3851, 340, 1, "340 to 3850")]
    [InlineData(int.MinValue, int.MaxValue, 1, "340 to 3850")]
    [InlineData(1000, 1000, (100 * Megabyte) + 1, "100 MB")]
    public void CheckVideo_SizeBeyondALimit_SaysWhich(int width, int height, long length, string says) =>
        MotionControlModel.CheckVideo(Video("5") with { Width = width, Height = height }, length, "image").Should().Contain(says);

    [Theory]
    [InlineData(MediaFormat.Jpeg)]
    [InlineData(MediaFormat.Png)]
    public void CheckVideo_AnImage_IsRefused(MediaFormat format) =>
        MotionControlModel.CheckVideo(Image(format, 1000, 1000), 1, "image").Should().Contain("MP4 or MOV");

    [Fact]
    public void MaxSeconds_UnknownOrientation_Throws()
    {
        var max = () => MotionControlModel.MaxSeconds("sideways");

        max.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static MediaInfo Image(MediaFormat format, int width, int height) => new() { Format = format, Width = width, Height = height };

    private static MediaInfo Video(string? duration) => new()
    {
        Format = MediaFormat.Mp4,
        Width = 720,
        Height = 1280,
        DurationSeconds = duration is null ? null : decimal.Parse(duration, CultureInfo.InvariantCulture),
    };
}
