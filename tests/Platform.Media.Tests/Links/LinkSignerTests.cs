using System.Web;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Media;
using Platform.Media.Links;

namespace Platform.Media.Tests.Links;

public sealed class LinkSignerTests
{
    private const string Path = "/v1/files/file_abc/content";
    private const string Tenant = "ten_a";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] OldKey = Enumerable.Repeat((byte)1, 32).ToArray();
    private static readonly byte[] NewKey = Enumerable.Repeat((byte)2, 32).ToArray();

    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public void Sign_Link_StartsWithThePublicUrl() =>
        Signer(OldKey).Sign(Path, Tenant, Now.AddHours(24))
            .Should().MatchRegex(@"^https://api\.acme\.com/base/v1/files/file_abc/content\?expires=1772452800&signature=[A-Za-z0-9_-]{43}$");

    [Fact]
    public void Verify_OwnLink_IsValidUntilItEnds()
    {
        var signer = Signer(OldKey);
        var (expires, signature) = Parts(signer.Sign(Path, Tenant, Now.AddHours(1)));

        signer.Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Valid);
        _time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        signer.Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Valid);
        _time.Advance(TimeSpan.FromSeconds(1));
        signer.Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Expired);
    }

    [Fact]
    public void Verify_OtherTenantOrPath_IsForged()
    {
        var signer = Signer(OldKey);
        var (expires, signature) = Parts(signer.Sign(Path, Tenant, Now.AddHours(1)));

        signer.Verify(Path, "ten_b", expires, signature).Should().Be(LinkVerdict.Forged);
        signer.Verify("/v1/files/file_abd/content", Tenant, expires, signature).Should().Be(LinkVerdict.Forged);
        signer.Verify(Path + "/", Tenant, expires, signature).Should().Be(LinkVerdict.Forged);
    }

    [Fact]
    public void Verify_LaterExpiry_IsForgedAndNotExpired()
    {
        var signer = Signer(OldKey);
        var (expires, signature) = Parts(signer.Sign(Path, Tenant, Now.AddHours(-1)));
        var later = (long.Parse(expires) + 86_400).ToString();

        signer.Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Expired);
        signer.Verify(Path, Tenant, later, signature).Should().Be(LinkVerdict.Forged);
    }

    [Fact]
    public void Verify_RotatedKeys_OldLinksStayGoodUntilTheOldKeyIsDropped()
    {
        var (expires, signature) = Parts(Signer(OldKey).Sign(Path, Tenant, Now.AddHours(1)));

        Signer(NewKey, OldKey).Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Valid);
        Signer(NewKey).Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Forged);
        Signer(NewKey, OldKey).Sign(Path, Tenant, Now.AddHours(1)).Should().Be(Signer(NewKey).Sign(Path, Tenant, Now.AddHours(1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1772370000")]
    [InlineData(" 1772370000")]
    [InlineData("01772370000")]
    [InlineData("1772370000.0")]
    [InlineData("1e9")]
    [InlineData("١٧٧٢٣٧٠٠٠٠")]
    [InlineData("99999999999999999999")]
    public void Verify_ExpiryInAnotherForm_IsForged(string? expires)
    {
        var signer = Signer(OldKey);
        var (_, signature) = Parts(signer.Sign(Path, Tenant, Now.AddHours(1)));

        signer.Verify(Path, Tenant, expires, signature).Should().Be(LinkVerdict.Forged);
    }

    [Fact]
    public void Verify_SignatureWithOneCharacterChanged_IsForged()
    {
        var signer = Signer(OldKey);
        var (expires, signature) = Parts(signer.Sign(Path, Tenant, Now.AddHours(1)));
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/é";

        for (var i = 0; i < signature.Length; i++)
        {
            foreach (var other in alphabet.Where(c => c != signature[i]))
            {
                // This covers the last character, whose low bits a lenient decoder would drop.
                var changed = signature[..i] + other + signature[(i + 1)..];
                signer.Verify(Path, Tenant, expires, changed).Should().Be(LinkVerdict.Forged, changed);
            }
        }

        foreach (var changed in new[] { null, "", signature + "=", signature + "A", signature[1..], signature[..^1], " " + signature })
        {
            signer.Verify(Path, Tenant, expires, changed).Should().Be(LinkVerdict.Forged);
        }
    }

    [Fact]
    public void Verify_AnythingButWhatWasSigned_IsForged()
    {
        var signer = Signer(OldKey);
        var text = Gen.String[Gen.Char["ab/\n0"], 0, 6];
        Gen.Select(text, text, Gen.Long[1, 9], text, text, Gen.Long[1, 9]).Sample((path1, tenant1, e1, path2, tenant2, e2) =>
        {
            var (p1, p2) = ("/" + path1.Replace("\n", "", StringComparison.Ordinal), "/" + path2);
            tenant1 = tenant1.Replace("\n", "", StringComparison.Ordinal);
            var (expires1, signature) = Parts(signer.Sign(p1, tenant1, DateTimeOffset.FromUnixTimeSeconds(2_000_000_000 + e1)));
            var expires2 = (2_000_000_000 + e2).ToString();
            var same = (p1, tenant1, expires1) == (p2, tenant2, expires2);
            return signer.Verify(p2, tenant2, expires2, signature) == (same ? LinkVerdict.Valid : LinkVerdict.Forged);
        });
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/path?x=1")]
    [InlineData("/path#x")]
    public void Sign_PathThatIsNone_IsAnArgumentException(string path) =>
        FluentActions.Invoking(() => Signer(OldKey).Sign(path, Tenant, Now)).Should().Throw<ArgumentException>();

    private static (string Expires, string Signature) Parts(string link)
    {
        var query = HttpUtility.ParseQueryString(new Uri(link).Query);
        return (query["expires"]!, query["signature"]!);
    }

    private LinkSigner Signer(params byte[][] keys)
    {
        var options = new MediaOptions { PublicUrl = "https://api.acme.com/base/" };
        foreach (var key in keys)
        {
            options.LinkSigningKeys.Add(key);
        }

        return new LinkSigner(Options.Create(options), _time);
    }
}
