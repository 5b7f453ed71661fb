using System.Globalization;
using Platform.Api.Tasks;
using Platform.Domain.Credits;
using Platform.Domain.Usage;

namespace Platform.Api.Usage;

/// <summary>Makes the answer of rows that were added up.</summary>
internal static class UsageView
{
    public static UsageObject Of(UsageQuery query, IReadOnlyList<UsageRow> rows) => new(
        query.From.ToUnixTimeSeconds(),
        query.To.ToUnixTimeSeconds(),
        UsageParameters.Names(query.GroupBy),
        [.. rows.Select(Row)],
        Total(rows));

    private static UsageRowObject Row(UsageRow row) => new()
    {
        Day = row.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Model = row.Model,
        Quality = row.Quality,
        Key = row.Key,
        Status = row.Status is { } status ? StatusName.Of(status) : null,
        EndUser = row.EndUser,
        Tasks = row.Tasks,
        Completed = row.Completed,
        Failed = row.Failed,
        Cancelled = row.Cancelled,
        SecondsBilled = row.SecondsBilled,
        CreditsUsed = row.CreditsUsed,
    };

    private static UsageRowObject Total(IReadOnlyList<UsageRow> rows) => new()
    {
        Tasks = rows.Sum(r => r.Tasks),
        Completed = rows.Sum(r => r.Completed),
        Failed = rows.Sum(r => r.Failed),
        Cancelled = rows.Sum(r => r.Cancelled),
        SecondsBilled = rows.Sum(r => r.SecondsBilled),
        CreditsUsed = rows.Aggregate(CreditAmount.Zero, (sum, r) => sum + r.CreditsUsed),
    };
}
