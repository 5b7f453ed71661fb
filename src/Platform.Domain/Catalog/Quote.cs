using System.Security.Cryptography;
using System.Text;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Domain.Catalog;

/// <summary>
/// A price that a tenant was promised: for <see cref="Lifetime"/> it holds, whatever becomes of the price meanwhile, and no more than
/// <see cref="Credits"/> is reserved by it. It may be used for as many tasks as it fits.
/// </summary>
/// <param name="Subject">What it is for; see <see cref="SubjectOf"/>.</param>
/// <param name="Price">The price, which the task's snapshot will be.</param>
/// <param name="Credits">Most credits that a task may reserve by it.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record Quote(string Subject, PriceSnapshot Price, CreditAmount Credits, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a quote holds (product.md section 2).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What of a request determines its reservation, as a SHA-256 in hexadecimal: model, quality, orientation, clip. A character, a prompt
    /// or metadata may differ, so that one quote serves one clip with many characters.
    /// </summary>
    public static string SubjectOf(GenerationRequest request)
    {
        // A URL has no line break, and neither have the others: two requests never give one text.
        var subject = $"{request.Model}\n{request.Quality}\n{request.CharacterOrientation}\n{request.VideoUrl}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));
    }

    /// <summary>Whether it is for such a request.</summary>
    public bool IsFor(GenerationRequest request) => string.Equals(Subject, SubjectOf(request), StringComparison.Ordinal);
}

/// <summary>What a caller allows a request to reserve.</summary>
/// <param name="QuoteId">A quote to be honoured, as the caller sent it, or null.</param>
/// <param name="MaxCredits">Most credits that may be reserved, or null.</param>
public sealed record SpendingLimits(string? QuoteId, CreditAmount? MaxCredits)
{
    /// <summary>No limits.</summary>
    public static SpendingLimits None { get; } = new(null, null);
}
