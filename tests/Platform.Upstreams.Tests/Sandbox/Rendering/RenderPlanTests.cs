using CsCheck;
using Platform.Domain.Media;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Tests.Sandbox.Rendering;

public sealed class RenderPlanTests
{
    private static readonly MediaInfo Image = new() { Format = MediaFormat.Png, Width = 720, Height = 960 };
    private static readonly SandboxRequest Request = new() { Image = "i", Video = "v", ShortSide = 720, MaxSeconds = 10m };

    [Theory]
    [InlineData(1920, 1080, 720, 1280, 720)]
    [InlineData(1080, 1920, 1080, 1080, 1920)]
    [InlineData(640, 480, 720, 960, 720)]
    [InlineData(500, 500, 1080, 1080, 1080)]
    [InlineData(853, 480, 720, 1280, 720)]
    [InlineData(340, 3850, 1080, 1080, 12230)]
    public void For_Shape_KeepsItWithTheExactShortSide(int width, int height, int shortSide, int expectedWidth, int expectedHeight)
    {
        var plan = RenderPlan.For(Request with { ShortSide = shortSide }, Clip(width, height), Image)!;

        (plan.Width, plan.Height).Should().Be((expectedWidth, expectedHeight));
    }

    [Fact]
    public void For_AnyAllowedClip_IsEvenAndAsLongAsTheShortestBound() =>
        Gen.Select(Gen.Int[340, 3850], Gen.Int[340, 3850], Gen.Decimal[2.9m, 30.1m], Gen.Decimal[0.1m, 30m], Gen.Bool)
            .Sample((width, height, seconds, cap, full) =>
            {
                var plan = RenderPlan.For(
                    Request with { ShortSide = full ? 1080 : 720, MaxSeconds = cap }, Clip(width, height) with { DurationSeconds = seconds }, Image)!;
                return plan.ShortSide == (full ? 1080 : 720) && plan.Width % 2 == 0 && plan.Height % 2 == 0
                    && Math.Abs(((double)plan.Width / plan.Height / ((double)width / height)) - 1) < 0.003
                    && plan.Seconds == Math.Min(seconds, cap);
            });

    [Fact]
    public void For_ShapeOrLengthThatNoVideoHas_IsNull()
    {
        RenderPlan.For(Request, Clip(10, 3000), Image).Should().BeNull();
        RenderPlan.For(Request, Clip(0, 0), Image).Should().BeNull();
        RenderPlan.For(Request, Clip(640, 480) with { DurationSeconds = null }, Image).Should().BeNull();
        RenderPlan.For(Request, Clip(640, 480) with { DurationSeconds = 0m }, Image).Should().BeNull();
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void For_Sound_IsKeptIfWantedAndThere(bool wanted, bool there, bool expected) =>
        RenderPlan.For(Request with { KeepSound = wanted }, Clip(640, 480) with { HasAudio = there }, Image)!.Sound.Should().Be(expected);

    private static MediaInfo Clip(int width, int height) =>
        new() { Format = MediaFormat.Mp4, Width = width, Height = height, DurationSeconds = 5m };
}
