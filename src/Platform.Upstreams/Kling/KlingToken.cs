using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Upstreams.Kling;

/// <summary>
/// The bearer token of an account: a JWT (HS256) that its secret signs, good for 30 minutes from 5 s ago, made anew when less than five
/// minutes are left of it.
/// </summary>
internal sealed class KlingToken(string accessKey, string secretKey, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(5);

    // Kling's clock may be behind ours.
    private static readonly TimeSpan Backdated = TimeSpan.FromSeconds(5);

    private readonly SigningCredentials _credentials = new(
        new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secretKey)), SecurityAlgorithms.HmacSha256);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private Made? _made;

    /// <summary>A token that is good for at least another five minutes.</summary>
    public string Current()
    {
        var now = time.GetUtcNow();
        var made = _made;
        if (made is null || made.ExpiresAt - now < Spare || made.MadeAt > now)
        {
            // Two callers at once make one each; either is good.
            made = _made = Make(now);
        }

        return made.Token;
    }

    private Made Make(DateTimeOffset now)
    {
        var expiresAt = now + Lifetime;
        return new(
            _handler.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = accessKey,
                NotBefore = (now - Backdated).UtcDateTime,
                Expires = expiresAt.UtcDateTime,
                SigningCredentials = _credentials,
            }),
            now,
            expiresAt);
    }

    private sealed record Made(string Token, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt);
}
