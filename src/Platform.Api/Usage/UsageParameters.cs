using Platform.Api.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;

namespace Platform.Api.Usage;

/// <summary>Reads what usage is asked for.</summary>
internal static class UsageParameters
{
    /// <summary>Most rows of an answer.</summary>
    public const int MaxRows = 10_000;

    private const int DefaultDays = 30;
    private const int MaxDays = 366;

    private static readonly (string Name, UsageDimensions Dimension)[] Dimensions =
    [
        ("day", UsageDimensions.Day),
        ("model", UsageDimensions.Model),
        ("quality", UsageDimensions.Quality),
        ("key", UsageDimensions.Key),
        ("status", UsageDimensions.Status),
        ("end_user", UsageDimensions.EndUser),
    ];

    /// <summary>Reads the parameters; a violation is the reader's. It asks for one row more than may be answered.</summary>
    public static UsageQuery Read(QueryReader reader, TenantId tenant, DateTimeOffset now)
    {
        var endOfToday = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
        var to = reader.Time("to") ?? endOfToday;
        var from = reader.Time("from") ?? (to - DateTimeOffset.MinValue > TimeSpan.FromDays(DefaultDays) ? to.AddDays(-DefaultDays) : to);
        var groupBy = reader.Parsed("group_by", Parse, $"names of {string.Join(", ", Dimensions.Select(d => d.Name))}, separated by commas, each once")
            ?? UsageDimensions.Day;
        var status = reader.Parsed("status", StatusName.Parse, "pending, processing, completed, failed or cancelled");
        if (from > to)
        {
            reader.Refuse("from", "must not be later than 'to'");
        }
        else if (to - from > TimeSpan.FromDays(MaxDays))
        {
            reader.Refuse("from", $"must be at most {MaxDays} days before 'to'; ask for a longer time in parts");
        }

        reader.Finish();
        return new() { Tenant = tenant, From = from, To = to, GroupBy = groupBy, Status = status, Limit = MaxRows + 1 };
    }

    /// <summary>The names of dimensions, in their order.</summary>
    public static IReadOnlyList<string> Names(UsageDimensions dimensions) =>
        [.. Dimensions.Where(d => dimensions.HasFlag(d.Dimension)).Select(d => d.Name)];

    // An empty text is the empty set: one row for all.
    private static UsageDimensions? Parse(string text)
    {
        var dimensions = UsageDimensions.None;
        foreach (var name in text.Length == 0 ? [] : text.Split(','))
        {
            var (_, dimension) = Array.Find(Dimensions, d => string.Equals(d.Name, name, StringComparison.Ordinal));
            if (dimension == UsageDimensions.None || dimensions.HasFlag(dimension))
            {
                return null;
            }

            dimensions |= dimension;
        }

        return dimensions;
    }
}
