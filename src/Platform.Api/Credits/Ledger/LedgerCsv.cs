using System.Globalization;
using System.Text;
using Platform.Domain.Credits;

namespace Platform.Api.Credits.Ledger;

/// <summary>
/// The statement as CSV by RFC 4180: a header, lines that end in CR LF, quotes where they are needed. Numbers are exact decimals. Words
/// of people that a spreadsheet would take for a formula get an apostrophe in front, which it shows as text.
/// </summary>
internal static class LedgerCsv
{
    /// <summary>The header, with its end of line.</summary>
    public const string Header = "sequence,time,kind,task_id,available,held,available_after,held_after,note,expires_at\r\n";

    private const string StartsFormula = "=+-@\t\r\n";

    // A spreadsheet may also take the wide forms of East Asian keyboards.
    private const string StartsWideFormula = "＝＋－＠";

    /// <summary>Writes the line of an entry.</summary>
    public static void Append(StringBuilder csv, LedgerEntry entry)
    {
        csv.Append(CultureInfo.InvariantCulture, $"{entry.Sequence},{Time(entry.At)},{LedgerKindName.Of(entry.Kind)},{entry.TaskId?.Value},");
        csv.Append(CultureInfo.InvariantCulture, $"{entry.Postings.Available},{entry.Postings.Held},{entry.AvailableAfter},{entry.HeldAfter},");
        AppendText(csv, entry.Note ?? "");
        csv.Append(CultureInfo.InvariantCulture, $",{(entry.ExpiresAt is { } end ? Time(end) : "")}\r\n");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void AppendText(StringBuilder csv, string text)
    {
        if (text.Length > 0 && (StartsFormula.Contains(text[0]) || StartsWideFormula.Contains(text[0])))
        {
            text = "'" + text;
        }

        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            csv.Append(text);
            return;
        }

        csv.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
