using System.Globalization;

namespace Platform.Domain.Tasks;

/// <summary>
/// Identifies a generation task: <c>task-unified-&lt;unix seconds&gt;-&lt;random&gt;</c>, the form that the product page shows.
/// The random part alone makes it unguessable; the time makes ids sort roughly by age.
/// </summary>
public readonly record struct TaskId
{
    /// <summary>What every task id starts with.</summary>
    public const string Prefix = "task-unified-";

    /// <summary>Number of random characters (five bits each: 80 bits).</summary>
    public const int RandomLength = 16;

    private const int MaxLength = 96;

    /// <summary>Wraps the text of an id.</summary>
    /// <exception cref="ArgumentException">The text is not a task id; see <see cref="IsValid"/>.</exception>
    public TaskId(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException($"A task id starts with '{Prefix}'.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>Makes the id of a task that is created at <paramref name="createdAt"/>.</summary>
    public static TaskId New(DateTimeOffset createdAt, IIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{createdAt.ToUnixTimeSeconds()}-{ids.Next(RandomLength)}"));
    }

    /// <summary>Says whether the text has the form of a task id; it says nothing about whether such a task exists.</summary>
    public static bool IsValid(string? value)
    {
        if (value is null || value.Length <= Prefix.Length || value.Length > MaxLength || !value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in value.AsSpan(Prefix.Length))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
