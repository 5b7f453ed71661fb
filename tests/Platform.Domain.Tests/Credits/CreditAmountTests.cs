using System.Globalization;
using CsCheck;
using Platform.Domain.Credits;

namespace Platform.Domain.Tests.Credits;

public sealed class CreditAmountTests
{
    private static readonly Gen<long> Units = Gen.Long[-(long)CreditAmount.Limit * 100_000_000, (long)CreditAmount.Limit * 100_000_000];

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.00000001", 1)]
    [InlineData("-0.00000001", -1)]
    [InlineData("40.824", 4_082_400_000)]
    [InlineData("10.88368", 1_088_368_000)]
    [InlineData("90000000000", 9_000_000_000_000_000_000)]
    [InlineData("-90000000000", -9_000_000_000_000_000_000)]
    [InlineData("89999999999.99999999", 8_999_999_999_999_999_999)]
    [InlineData("1.000000000000000000000000000", 100_000_000)]
    public void TryFrom_FitsEightDecimalsAndLimit_IsExact(string text, long units)
    {
        CreditAmount.TryFrom(Parse(text), out var amount).Should().BeTrue();

        amount.Units.Should().Be(units);
        amount.Value.Should().Be(Parse(text));
    }

    [Theory]
    [InlineData("0.000000001")]
    [InlineData("-0.000000001")]
    [InlineData("1.123456789")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("7.0000000000000000000000000001")]
    [InlineData("89999999999.99999999999999999")]
    [InlineData("90000000000.00000001")]
    [InlineData("-90000000000.00000001")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    public void TryFrom_TooFineOrTooLarge_IsRefused(string text)
    {
        CreditAmount.TryFrom(Parse(text), out var amount).Should().BeFalse();
        amount.Should().Be(CreditAmount.Zero);

        var from = () => CreditAmount.From(Parse(text));
        from.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void FromUnits_AnyUnits_RoundTrips() =>
        Units.Sample(units => CreditAmount.FromUnits(units).Units == units, iter: 20_000);

    [Fact]
    public void ToString_AnyAmount_HasNoTrailingZeroAndReadsBack() =>
        Units.Sample(
            units =>
            {
                var text = CreditAmount.FromUnits(units).ToString();
                return Parse(text) == CreditAmount.FromUnits(units).Value
                    && !(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'));
            },
            iter: 20_000);

    [Theory]
    [InlineData("40.82400", "40.824")]
    [InlineData("0.00", "0")]
    [InlineData("100", "100")]
    [InlineData("-0.10", "-0.1")]
    public void ToString_TrailingZeros_AreDropped(string value, string shown) =>
        CreditAmount.From(Parse(value)).ToString().Should().Be(shown);

    [Fact]
    public void Negate_OfZero_IsShownWithoutSign() => (-CreditAmount.From(0.00m)).ToString().Should().Be("0");

    [Fact]
    public void Arithmetic_AnyAmounts_AgreesWithUnits() =>
        Gen.Select(Units, Units, Gen.Int[0, 30]).Sample(
            (a, b, n) =>
            {
                // Halves and thirtieths, so that sums and products stay within the limit.
                var (x, y) = (CreditAmount.FromUnits(a / 2), CreditAmount.FromUnits(b / 2));
                var unit = CreditAmount.FromUnits(a / 30);
                return (x + y).Units == (a / 2) + (b / 2)
                    && (x - y).Units == (a / 2) - (b / 2)
                    && (-x).Units == -(a / 2)
                    && (unit * n).Units == a / 30 * n
                    && CreditAmount.Min(x, y).Units == Math.Min(a / 2, b / 2)
                    && x < y == a / 2 < b / 2
                    && x >= y == a / 2 >= b / 2
                    && Math.Sign(x.CompareTo(y)) == Math.Sign((a / 2).CompareTo(b / 2));
            },
            iter: 20_000);

    [Fact]
    public void Arithmetic_PastTheLimit_Throws()
    {
        var limit = CreditAmount.From(CreditAmount.Limit);
        var least = CreditAmount.FromUnits(1);

        ((Func<CreditAmount>)(() => limit + least)).Should().Throw<ArgumentOutOfRangeException>();
        ((Func<CreditAmount>)(() => -limit - least)).Should().Throw<ArgumentOutOfRangeException>();
        ((Func<CreditAmount>)(() => limit * int.MaxValue)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Equality_OfDifferentScales_IsByValue()
    {
        CreditAmount.From(1.50m).Should().Be(CreditAmount.From(1.5m));
        CreditAmount.From(1.50m).GetHashCode().Should().Be(CreditAmount.From(1.5m).GetHashCode());
    }

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
