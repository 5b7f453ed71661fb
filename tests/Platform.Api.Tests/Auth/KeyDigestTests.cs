using Platform.Api.Auth;

namespace Platform.Api.Tests.Auth;

public sealed class KeyDigestTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sk-0123456789abcdef")]
    [InlineData("schlüssel-€-😀")]
    public void ToHex_AnySecret_IsTheHashThatIsStored(string secret) =>
        KeyDigest.Of(secret).ToHex().Should().Be(KeySecret.Hash(secret));

    [Fact]
    public void Of_LongerThanTheStackTakes_IsTheHashThatIsStored()
    {
        var secret = new string('x', 5000);

        KeyDigest.Of(secret).ToHex().Should().Be(KeySecret.Hash(secret));
    }
}
