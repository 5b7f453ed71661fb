namespace Platform.Domain.Tenants;

/// <summary>
/// Identifies a tenant and the workspace its rows live in: part of every grain key and of every row that is a tenant's.
/// Never contains <c>/</c>, which separates tenant and task in the key of a task grain.
/// </summary>
public readonly record struct TenantId
{
    /// <summary>Longest accepted text of an id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What the id of a workspace of test keys ends with; see <see cref="TestWorkspace"/>.</summary>
    public const string TestSuffix = "-test";

    /// <summary>Wraps the text of an id.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or has a character outside <c>[A-Za-z0-9_-]</c>.</exception>
    public TenantId(string value)
    {
        if (!IsValid(value))
        {
            throw new ArgumentException("A tenant id has 1 to 64 characters of [A-Za-z0-9_-].", nameof(value));
        }

        Value = value;
    }

    /// <summary>The id as text, for example <c>ten_4k2m8w</c>.</summary>
    public string Value { get; }

    /// <summary>Whether it names the workspace of a tenant's test keys rather than the tenant itself.</summary>
    public bool IsTestWorkspace => Value.EndsWith(TestSuffix, StringComparison.Ordinal);

    /// <summary>
    /// The workspace of the tenant's test keys: tasks, files, ledger of its own, as if it were another tenant. Ids of tenants are made
    /// without a hyphen, so that no tenant is taken for a workspace.
    /// </summary>
    public TenantId TestWorkspace => IsTestWorkspace ? this : new(Value + TestSuffix);

    /// <summary>The tenant that a workspace belongs to; itself where it is none.</summary>
    public TenantId Owner => IsTestWorkspace ? new(Value[..^TestSuffix.Length]) : this;

    /// <summary>Says whether the text can be a tenant id.</summary>
    public static bool IsValid(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxLength)
        {
            return false;
        }

        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
