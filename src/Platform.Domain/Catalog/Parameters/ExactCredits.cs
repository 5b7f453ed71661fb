using System.Globalization;
using System.Text.Json;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>Reads credits from a JSON number without ever rounding: what a decimal cannot hold exactly is refused.</summary>
public static class ExactCredits
{
    // A decimal holds any number of so many digits, of which so many may be decimals.
    private const int MaxDigits = 28;

    /// <summary>Reads a number, which may have an exponent; false where it is more than credits can be, or has more decimals.</summary>
    /// <param name="number">A JSON number.</param>
    /// <param name="credits">The credits; may be negative.</param>
    public static bool TryRead(JsonElement number, out CreditAmount credits)
    {
        credits = default;
        return IsHeldExactly(number.GetRawText())
            && number.TryGetDecimal(out var value)
            && CreditAmount.TryFrom(value, out credits);
    }

    private static bool IsHeldExactly(ReadOnlySpan<char> text)
    {
        var mantissa = text;
        var exponent = 0;
        if (text.IndexOfAny('e', 'E') is >= 0 and var at)
        {
            mantissa = text[..at];
            if (!int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MaxDigits)
            {
                return false;
            }
        }

        var point = mantissa.IndexOf('.');
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return mantissa.Length <= MaxDigits && decimals - exponent <= MaxDigits;
    }
}
