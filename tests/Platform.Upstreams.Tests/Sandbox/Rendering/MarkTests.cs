using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Tests.Sandbox.Rendering;

public sealed class MarkTests
{
    [Fact]
    public void IsSet_Letter_HasItsShape()
    {
        var rows = Enumerable.Range(0, PixelFont.Height)
            .Select(y => string.Concat(Enumerable.Range(0, PixelFont.Measure("PV")).Select(x => PixelFont.IsSet("PV", x, y) ? '#' : '.')));

        rows.Should().Equal(
            "####..#...#",
            "#...#.#...#",
            "#...#.#...#",
            "####..#...#",
            "#.....#...#",
            "#......#.#.",
            "#.......#..");
    }

    [Theory]
    [InlineData(720, 720)]
    [InlineData(1280, 720)]
    [InlineData(1080, 1080)]
    [InlineData(12230, 1080)]
    public void Marks_AnyVideo_FitIntoItWithEvenSides(int width, int shortSide)
    {
        foreach (var mark in new[] { Mark.Badge(shortSide), Mark.Watermark(width, shortSide) })
        {
            (mark.Width % 2, mark.Height % 2).Should().Be((0, 0));
            mark.Width.Should().BeLessThan(width);
            mark.Height.Should().BeLessThan(shortSide);
            mark.Rgba.Length.Should().Be(mark.Width * mark.Height * 4);
        }
    }
}
