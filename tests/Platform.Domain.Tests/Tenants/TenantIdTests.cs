using Platform.Domain.Tenants;

namespace Platform.Domain.Tests.Tenants;

public sealed class TenantIdTests
{
    public static TheoryData<string?> Invalid => new()
    {
        null, "", " ", "a b", "a/b", "ten.x", "tén", "a\0", "a\n", "٣", new string('a', 65),
    };

    [Theory]
    [InlineData("a")]
    [InlineData("ten_4k2m8w")]
    [InlineData("A-Z_09")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void IsValid_OneToSixtyFourOfTheAlphabet_IsTrue(string text)
    {
        TenantId.IsValid(text).Should().BeTrue();
        new TenantId(text).ToString().Should().Be(text);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void IsValid_AnythingElse_IsFalse(string? text)
    {
        TenantId.IsValid(text).Should().BeFalse();
        ((Func<TenantId>)(() => new TenantId(text!))).Should().Throw<ArgumentException>();
    }
}
