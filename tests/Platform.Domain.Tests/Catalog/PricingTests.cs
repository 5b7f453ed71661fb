using System.Collections.Immutable;
using System.Globalization;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Domain.Tests.Catalog;

public sealed class PricingTests
{
    private static readonly PriceVersion Price = MotionControlModel.Definition.PriceAt(DateTimeOffset.UnixEpoch);

    /// <summary>The examples of product.md section 1.</summary>
    [Theory]
    [InlineData("720p", "1", "8.1648", 1, "8.1648")]
    [InlineData("720p", "1", "8.1648", 5, "40.824")]
    [InlineData("1080p", "1", "10.88368", 1, "10.88368")]
    [InlineData("1080p", "1", "10.88368", 5, "54.4184")]
    [InlineData("1080p", "0.95", "10.33949", 1, "10.33949")]
    [InlineData("1080p", "0.95", "10.33949", 30, "310.1847")]
    public void Of_ProductExamples_GivesTheirPrices(string quality, string group, string unitPrice, int seconds, string total)
    {
        var snapshot = PriceSnapshot.Of(Price, quality, "g", Parse(group));

        snapshot.UnitPrice.ToString().Should().Be(unitPrice);
        (snapshot.UnitPrice * seconds).ToString().Should().Be(total);
    }

    [Theory]
    [InlineData("720p", "0.1134")]
    [InlineData("1080p", "0.1512")]
    public void UnitPriceUsd_ProductExamples_GivesDollars(string quality, string usd) =>
        PriceSnapshot.Of(Price, quality, "g", 1m).UnitPriceUsd.Should().Be(Parse(usd));

    [Theory]
    [InlineData("0.000005", "1", "0.00001")]
    [InlineData("0.00000499", "1", "0")]
    [InlineData("0.000015", "1", "0.00002")]
    [InlineData("0.00001", "2.5", "0.00003")]
    [InlineData("0.00003", "0.5", "0.00002")]
    [InlineData("1.00000499", "1", "1")]
    public void Of_Midpoint_RoundsAwayFromZeroOnceAtFiveDecimals(string basePrice, string group, string unitPrice)
    {
        var price = Price with { BasePerSecond = CreditAmount.From(Parse(basePrice)) };

        PriceSnapshot.Of(price, "720p", "g", Parse(group)).UnitPrice.ToString().Should().Be(unitPrice);
    }

    [Fact]
    public void Of_RoundedFactors_AreRoundedOnceOnly()
    {
        // 1 × 1.000004 × 1.000004 = 1.000008…: rounding after each factor would lose it.
        var price = Price with
        {
            BasePerSecond = CreditAmount.From(1m),
            QualityMultipliers = ImmutableSortedDictionary<string, decimal>.Empty.Add("q", 1.000004m),
        };

        PriceSnapshot.Of(price, "q", "g", 1.000004m).UnitPrice.ToString().Should().Be("1.00001");
    }

    [Fact]
    public void Of_AnyPrice_KeepsEveryFactor()
    {
        var snapshot = PriceSnapshot.Of(Price, "1080p", "gold", 0.95m);

        snapshot.Should().BeEquivalentTo(new
        {
            PriceVersion = 1,
            Price.BasePerSecond,
            QualityMultiplier = 1.333m,
            UserGroup = "gold",
            GroupMultiplier = 0.95m,
            Rounding = SecondsRounding.Nearest,
            CreditsPerUsd = 72m,
        });
    }

    [Fact]
    public void Of_QualityWithoutPrice_Throws()
    {
        var of = () => PriceSnapshot.Of(Price, "4k", "g", 1m);

        of.Should().Throw<KeyNotFoundException>();
    }

    /// <summary>No caller can provoke these: whoever writes a price version or a group multiplier has to bound it.</summary>
    [Fact]
    public void Of_PriceBeyondTheLimitOfAnAmount_Throws()
    {
        var dear = Price with { BasePerSecond = CreditAmount.From(CreditAmount.Limit) };

        ((Func<PriceSnapshot>)(() => PriceSnapshot.Of(dear, "1080p", "g", 1m))).Should().Throw<ArgumentOutOfRangeException>();
        ((Func<PriceSnapshot>)(() => PriceSnapshot.Of(dear, "720p", "g", decimal.MaxValue))).Should().Throw<OverflowException>();
        ((Func<CreditAmount>)(() => PriceSnapshot.Of(dear, "720p", "g", 1m).UnitPrice * 2)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void PriceAt_SeveralVersions_TakesTheLatestThatHolds()
    {
        var start = DateTimeOffset.UnixEpoch.AddYears(50);
        var model = MotionControlModel.Definition with
        {
            Prices = [Price with { Version = 1, ValidFrom = start }, Price with { Version = 2, ValidFrom = start.AddDays(1) }],
        };

        model.PriceAt(start).Version.Should().Be(1);
        model.PriceAt(start.AddDays(1).AddTicks(-1)).Version.Should().Be(1);
        model.PriceAt(start.AddDays(1)).Version.Should().Be(2);
        ((Func<PriceVersion>)(() => model.PriceAt(start.AddTicks(-1)))).Should().Throw<InvalidOperationException>();
    }

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
