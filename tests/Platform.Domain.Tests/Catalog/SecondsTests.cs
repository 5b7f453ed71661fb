using System.Globalization;
using CsCheck;
using Platform.Domain.Catalog;

namespace Platform.Domain.Tests.Catalog;

public sealed class SecondsTests
{
    [Theory]
    [InlineData("5.005", 30, 5)]
    [InlineData("10.010", 10, 10)]
    [InlineData("10.010", 30, 10)]
    [InlineData("10.1", 10, 10)]
    [InlineData("10.11", 30, 11)]
    [InlineData("3.4", 10, 4)]
    [InlineData("3.1", 10, 3)]
    [InlineData("3.1001", 10, 4)]
    [InlineData("2.9", 10, 3)]
    [InlineData("3", 10, 3)]
    [InlineData("0", 10, 3)]
    [InlineData("-1", 10, 3)]
    [InlineData("30", 30, 30)]
    [InlineData("30.1", 30, 30)]
    [InlineData("30.1", 10, 10)]
    [InlineData("1000000000000", 30, 30)]
    [InlineData("79228162514264337593543950335", 30, 30)]
    [InlineData("-79228162514264337593543950335", 30, 3)]
    [InlineData(null, 30, 30)]
    [InlineData(null, 10, 10)]
    public void ToReserve_Duration_IsCeilingLessToleranceWithinBounds(string? duration, int cap, int expected) =>
        Seconds.ToReserve(Parse(duration), MotionControlModel.MinSeconds, cap).Should().Be(expected);

    [Theory]
    [InlineData("3.4", SecondsRounding.Nearest, 4, 3)]
    [InlineData("3.5", SecondsRounding.Nearest, 4, 4)]
    [InlineData("2.5", SecondsRounding.Nearest, 4, 3)]
    [InlineData("4.5", SecondsRounding.Nearest, 30, 5)]
    [InlineData("3.4999999", SecondsRounding.Nearest, 4, 3)]
    [InlineData("5.005", SecondsRounding.Nearest, 5, 5)]
    [InlineData("10.010", SecondsRounding.Nearest, 10, 10)]
    [InlineData("30.1", SecondsRounding.Nearest, 30, 30)]
    [InlineData("31", SecondsRounding.Nearest, 30, 30)]
    [InlineData("0", SecondsRounding.Nearest, 3, 1)]
    [InlineData("0.4", SecondsRounding.Nearest, 3, 1)]
    [InlineData("-7", SecondsRounding.Nearest, 3, 1)]
    [InlineData("3.01", SecondsRounding.Up, 5, 4)]
    [InlineData("3", SecondsRounding.Up, 5, 3)]
    [InlineData("9.2", SecondsRounding.Up, 5, 5)]
    [InlineData("79228162514264337593543950335", SecondsRounding.Nearest, 5, 5)]
    [InlineData("79228162514264337593543950335", SecondsRounding.Up, 5, 5)]
    public void ToBill_OutputDuration_IsRoundedByTheRuleAtLeastOneAtMostReserved(
        string duration, SecondsRounding rounding, int reserved, int expected) =>
        Seconds.ToBill(Parse(duration)!.Value, rounding, reserved).Should().Be(expected);

    [Fact]
    public void ToBill_UnknownRule_Throws()
    {
        var bill = () => Seconds.ToBill(1m, (SecondsRounding)9, 5);

        bill.Should().Throw<ArgumentOutOfRangeException>();
    }

    /// <summary>The platform never bills more than it reserved, and an output as long as its clip is never short-changed by a second or more.</summary>
    [Fact]
    public void ToBill_OutputAsLongAsTheClip_IsReservedSecondsOrOneLess() =>
        Gen.Int[2900, 30_100].Sample(
            milliseconds =>
            {
                var duration = milliseconds / 1000m;
                var reserved = Seconds.ToReserve(duration, 3, 30);
                var billed = Seconds.ToBill(duration, SecondsRounding.Nearest, reserved);
                return billed <= reserved && billed >= reserved - 1;
            },
            iter: 20_000);

    private static decimal? Parse(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
