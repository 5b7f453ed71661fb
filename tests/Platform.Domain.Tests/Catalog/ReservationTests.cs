using Platform.Domain.Catalog;
using Platform.Domain.Tasks;

namespace Platform.Domain.Tests.Catalog;

public sealed class ReservationTests
{
    private static readonly GenerationRequest Request = new()
    {
        Model = MotionControlModel.Id,
        ImageUrl = "https://example.com/a.png",
        VideoUrl = "https://example.com/a.mp4",
        Quality = MotionControlModel.Quality720,
        CharacterOrientation = MotionControlModel.OrientationImage,
    };

    [Theory]
    [InlineData("image", 5.005, 5, "40.824")]
    [InlineData("image", 2.95, 3, "24.4944")]
    [InlineData("image", 10.1, 10, "81.648")]
    [InlineData("image", null, 10, "81.648")]
    [InlineData("video", null, 30, "244.944")]
    public void Of_Clip_IsUnitPriceTimesSeconds(string orientation, double? length, int seconds, string credits)
    {
        var price = PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], MotionControlModel.Quality720, "default", 1m);

        var reservation = Reservation.Of(price, orientation, (decimal?)length);

        reservation.ReservedSeconds.Should().Be(seconds);
        reservation.Credits.ToString().Should().Be(credits);
    }

    [Fact]
    public void Quote_OtherCharacterPromptAndMetadata_IsForIt()
    {
        var quote = QuoteFor(Request);

        quote.IsFor(Request with { ImageUrl = "https://example.com/b.png", Prompt = "another", EndUser = "u", KeepSound = false }).Should().BeTrue();
    }

    [Fact]
    public void Quote_AnythingThatDeterminesTheReservation_IsNotForIt()
    {
        var quote = QuoteFor(Request);

        quote.IsFor(Request with { Model = "other" }).Should().BeFalse();
        quote.IsFor(Request with { Quality = MotionControlModel.Quality1080 }).Should().BeFalse();
        quote.IsFor(Request with { CharacterOrientation = MotionControlModel.OrientationVideo }).Should().BeFalse();
        quote.IsFor(Request with { VideoUrl = Request.VideoUrl + "?" }).Should().BeFalse();
    }

    private static Quote QuoteFor(GenerationRequest request) => new(
        Quote.SubjectOf(request),
        PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], request.Quality, "default", 1m),
        default,
        DateTimeOffset.UnixEpoch);
}
