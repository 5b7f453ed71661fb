using CsCheck;
using Platform.Media.Egress;

namespace Platform.Media.Tests.Egress;

public sealed class EgressGuardTests
{
    private static readonly string[] Starts = ["https://", "http://", "", "https:/\\", "https://[", "https://xn--"];
    private static readonly EgressGuard Strict = new(new EgressOptions());
    private static readonly EgressGuard Development = new(new EgressOptions { AllowHttp = true, AllowPrivateNetworks = true });

    public static TheoryData<string?> Forbidden => new()
    {
        // no URL, or another scheme
        null, "", " ", "clip.mp4", "/v1/files", "//media.acme.com/a", "https:", "https://", "https:///a", "https:media.acme.com", "http://media.acme.com/a", "ftp://media.acme.com/a", "file:///etc/passwd",
        "gopher://media.acme.com/", "data:video/mp4;base64,AAAA", "javascript:alert(1)", "blob:files/x", "jar:https://media.acme.com!/", "dict://127.0.0.1:11211/", "ws://media.acme.com/", "HTTP://media.acme.com/",

        // credentials
        "https://user@media.acme.com/", "https://user:pass@media.acme.com/", "https://:pass@media.acme.com/", "https://media.acme.com@127.0.0.1/", "https://media.acme.com:443@127.0.0.1/", "https://@media.acme.com/",
        "https://127.0.0.1\\@media.acme.com/", "https://media.acme.com\\@127.0.0.1/", "https://1.1.1.1 &@2.2.2.2# @127.0.0.1/",

        // white space and control characters
        "https://media.acme.com/\n", "https://media.acme.com/a b", "https://media.acme.com/\tx", " https://media.acme.com/", "https://media\0.acme.com/", "https://127.0.0.1\u3000.acme.com/",

        // ports of other services
        "https://media.acme.com:0/", "https://media.acme.com:21/", "https://media.acme.com:22/", "https://media.acme.com:25/", "https://media.acme.com:111/", "https://media.acme.com:1023/", "https://media.acme.com:65536/", "https://media.acme.com:-1/",

        // literal addresses, plain
        "https://127.0.0.1/", "https://127.0.0.1:8443/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://0.0.0.0/", "https://255.255.255.255/",
        "https://224.0.0.1/", "https://168.63.129.16/", "https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:ffff:7f00:0001]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::1]/", "https://[2002:7f00:1::]/", "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "https://[0000:0000:0000:0000:0000:0000:0000:0001]/", "https://127.0.0.1./", "https://[::1].acme.com/", "https://[127.0.0.1]/", "https://[::1/", "https://::1/",

        // literal addresses, disguised: decimal, octal, hexadecimal, short, mixed, overflowing, padded, full-width, escaped
        "https://2130706433/", "https://017700000001/", "https://0x7f000001/", "https://0x7F.0x0.0x0.0x1/", "https://0177.0.0.1/", "https://127.1/", "https://127.0.1/", "https://127.0.0.01/", "https://0x7f.1/", "https://0/", "https://0x0/", "https://1/",
        "https://3232235777/", "https://2852039166/", "https://0xA9FEA9FE/", "https://025177524776/", "https://169.16689662/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://4294967296/", "https://425.510.425.510/", "https://127.0.0.1.1/",
        "https://256.256.256.256/", "https://0000127.0.0.1/", "https://127.0.0.0x1/", "https://１２７.０.０.１/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://169｡254｡169｡254/", "https://%31%32%37.0.0.1/", "https://127.0.0.1%2e/",
        "https://127%2e0%2e0%2e1/", "https://0x7f.0.0.1./", "https://010.8.8.8/", "https://8.8.2056/",

        // names that mean the network one is in
        "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://localhost:8443/", "https://a.localhost/", "https://a.localhost./", "https://ip6-localhost/", "https://kubernetes/", "https://redis:6379/", "https://metadata.google.internal/",
        "https://kubernetes.default.svc.cluster.local/", "https://printer.local/", "https://x.localdomain/", "https://nas.home.arpa/", "https://home.arpa/", "https://abc.onion/", "https://wiki.intranet/", "https://ⓛocalhost/", "https://ｌocalhost/",

        // hosts that are none
        "https://.../", "https://bücher.acme.com/", "https://./", "https://a..acme.com/", "https://.acme.com/", "https://media.acme.com../", "https://me*dia.acme.com/", "https://<media>.acme.com/", "https://media.acme.com%00/",
        $"https://{new string('a', 300)}.com/", $"https://media.acme.com/{new string('a', 2048)}",
    };

    public static TheoryData<string> Allowed =>
    [
        "https://media.acme.com/a.mp4", "https://media.acme.com", "HTTPS://MEDIA.ACME.COM/", "https://media.acme.com./a", "https://media.acme.com:443/", "https://media.acme.com:80/", "https://media.acme.com:1024/", "https://media.acme.com:8443/a?b=c&d=%20#e",
        "https://1.1.1.1/", "https://8.8.8.8:8443/", "https://[2606:4700:4700::1111]/", "https://[::ffff:8.8.8.8]/", "https://xn--bcher-kva.acme.com/", "https://a_b.acme.com/", "https://1.acme.com/", "https://127.0.0.1.acme.com/",
        "https://0x7f.acme.com/", "https://media.acme.com/a@b", "https://media.acme.com/?u=https://127.0.0.1/", "https://localhost.acme.com/", "https://not-local.com/", "https://media.acme.com/bücher.mp4",
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Check_UrlThatMustNotBeFetched_IsRefusedWithASentence(string? url) =>
        Strict.Check(url).Should().NotBeNull().And.Match<EgressRefusal>(refusal => refusal.Reason.EndsWith('.'));

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Check_UrlOfThePublicInternet_IsNotRefused(string url) => Strict.Check(url).Should().BeNull();

    [Theory]
    [InlineData("http://127.0.0.1:5000/a.mp4", true)]
    [InlineData("http://localhost:5000/a.mp4", true)]
    [InlineData("http://minio:9000/a.mp4", true)]
    [InlineData("https://[::1]:5000/a.mp4", true)]
    [InlineData("http://10.1.2.3/", true)]
    [InlineData("http://169.254.169.254/latest/meta-data/", false)]
    [InlineData("http://[fe80::1]/", false)]
    [InlineData("http://0.0.0.0:5000/", false)]
    [InlineData("http://168.63.129.16/", false)]
    [InlineData("http://user@127.0.0.1/", false)]
    [InlineData("http://127.0.0.1:22/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Check_DevelopmentSettings_AllowOwnNetworksAndNothingElse(string url, bool allowed) =>
        (Development.Check(url) is null).Should().Be(allowed);

    [Fact]
    public void Check_AnyText_AnswersWithoutThrowing() =>
        Gen.Select(Gen.Int[0, Starts.Length - 1], Gen.String).Sample((start, rest) =>
        {
            _ = Strict.Check(Starts[start] + rest);
            _ = Development.Check(Starts[start] + rest);
        });
}
