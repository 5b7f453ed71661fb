using System.ComponentModel.DataAnnotations;
using Platform.Domain.Credits;

namespace Platform.Api.Operator;

/// <summary>A tenant that is to be made.</summary>
internal sealed record CreateTenantBody
{
    /// <summary>A name, for people.</summary>
    [Required, StringLength(128, MinimumLength = 1)]
    public string? Name { get; init; }
}

/// <summary>A tenant.</summary>
/// <param name="Id">Id of the tenant.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Group">Its user group, by which prices and limits go.</param>
/// <param name="Status">Whether its keys work.</param>
/// <param name="Created">When it was made (unix seconds).</param>
internal sealed record TenantObject(string Id, string Name, string Group, [property: AllowedValues("active", "suspended", "closed")] string Status, long Created);

/// <summary>A key that is to be made.</summary>
internal sealed record CreateApiKeyBody
{
    /// <summary>A name, for people.</summary>
    [Required, StringLength(128, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>When it ends; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is a test key: the sandbox only, play money, a workspace of its own.</summary>
    public bool Test { get; init; }
}

/// <summary>A new key; the only time that its secret is shown.</summary>
/// <param name="Id">Id of the key.</param>
/// <param name="Secret">What is sent as <c>Authorization: Bearer …</c>. It is shown here and never again.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Created">When it was made (unix seconds).</param>
/// <param name="ExpiresAt">When it ends (unix seconds); absent for never.</param>
internal sealed record ApiKeyObject(string Id, string Secret, string Name, long Created, long? ExpiresAt);

/// <summary>Credits that are to be booked in.</summary>
internal sealed record CreateGrantBody
{
    /// <summary>How many: more than zero, at most 8 decimals.</summary>
    [Required]
    public CreditAmount? Credits { get; init; }

    /// <summary>What for; the tenant sees it in the statement.</summary>
    [StringLength(512)]
    public string? Note { get; init; }

    /// <summary>When what is left of them ends; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Credits that were booked in.</summary>
/// <param name="Id">Id of the grant.</param>
/// <param name="Credits">How many.</param>
/// <param name="Note">What for.</param>
/// <param name="ExpiresAt">When what is left of them ends (unix seconds); absent for never.</param>
internal sealed record GrantObject(string Id, CreditAmount Credits, string? Note, long? ExpiresAt);
