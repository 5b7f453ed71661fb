using System.Net;
using CsCheck;
using Platform.Media.Egress;

namespace Platform.Media.Tests.Egress;

/// <summary>The IANA special-purpose registries, cloud metadata services, and the addresses of published SSRF tables.</summary>
public sealed class AddressRulesTests
{
    public static TheoryData<string> NeverAllowed =>
    [
        // this network, reserved, broadcast, multicast
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "224.0.0.0", "224.0.0.251", "239.255.255.255", "240.0.0.0", "250.1.2.3", "255.255.255.254", "255.255.255.255",

        // link-local, with the metadata services of AWS, Google, Azure, Oracle, DigitalOcean, ECS
        "169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255",

        // metadata services elsewhere
        "168.63.129.16", "192.0.0.192",

        // protocol assignments, documentation, benchmarking, relays
        "192.0.0.0", "192.0.0.8", "192.0.0.170", "192.0.0.255", "192.0.2.0", "192.0.2.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255",
        "198.18.0.0", "198.19.255.255", "192.88.99.0", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1",

        // IPv6: unspecified, link-local, site-local, multicast, discard, documentation, benchmarking, ORCHID, SRv6
        "::", "fe80::", "fe80::1", "febf:ffff::1", "fec0::1", "feff::1", "ff00::", "ff02::1", "ff05::2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "100::", "100::1", "100:0:0:1::1", "2001:db8::", "2001:db8::1", "2001:db8:ffff::1", "3fff::1", "3fff:fff::1", "2001:2::1", "2001:10::1", "2001:1f::1", "2001:20::1", "2001:2f::1",
        "2001:30::1", "2001:1::1", "2001:3::1", "2001:4:112::1", "5f00::1", "2620:4f:8000::1",

        // wrapped addresses, whatever is inside
        "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:53aa:64c::1", "2002::", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::", "2002:808:808::1", "2002:a9fe:a9fe::",
        "64:ff9b:1::", "64:ff9b:1::1", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:ffff::808:808",
        "::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::169.254.169.254", "::2", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "::ffff:0:0:0",
        "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:c0a8:1", "2606:4700::100:5efe:808:808",

        // wrapped addresses that are judged by what is inside
        "::ffff:0.0.0.0", "::ffff:169.254.169.254", "::ffff:224.0.0.1", "::ffff:255.255.255.255", "::ffff:192.0.2.1", "::ffff:a9fe:a9fe",
        "64:ff9b::0.0.0.0", "64:ff9b::169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b::198.18.0.1",

        // the rest of IPv6 that is not given out
        "::1:0:0:1", "1::", "200::1", "400::1", "1000::1", "1fff:ffff::1", "4000::1", "8000::1", "c000::1", "e000::1", "f000::1", "fa00::1",
    ];

    public static TheoryData<string> PrivateOnly =>
    [
        "127.0.0.0", "127.0.0.1", "127.0.1.1", "127.127.127.127", "127.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.0", "172.17.0.1", "172.31.255.255",
        "192.168.0.0", "192.168.0.1", "192.168.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255", "::1", "fc00::", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fdff:ffff::1",
        "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:172.16.0.1", "::ffff:100.64.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::c0a8:101",
    ];

    public static TheoryData<string> Public =>
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0",
        "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.1", "192.0.3.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2000::1", "2606:4700:4700::1111", "2001:4860:4860::8888", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2a00:1450:4001:800::200e", "3ffe::1", "3fff:1000::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::5eff:7f00:1",
    ];

    [Theory]
    [MemberData(nameof(NeverAllowed))]
    public void ScopeOf_SpecialAddress_IsForbidden(string address) => AddressRules.ScopeOf(IPAddress.Parse(address)).Should().Be(AddressScope.Forbidden);

    [Theory]
    [MemberData(nameof(PrivateOnly))]
    public void ScopeOf_AddressOfOwnNetworks_IsPrivate(string address) => AddressRules.ScopeOf(IPAddress.Parse(address)).Should().Be(AddressScope.Private);

    [Theory]
    [MemberData(nameof(Public))]
    public void ScopeOf_AddressOfTheInternet_IsPublic(string address) => AddressRules.ScopeOf(IPAddress.Parse(address)).Should().Be(AddressScope.Public);

    [Fact]
    public void ScopeOf_AnyIPv4AddressInAnyPlainWrapping_IsJudgedAlike() => Gen.UInt.Sample(bits =>
    {
        var address = new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
        var plain = AddressRules.ScopeOf(address);
        return AddressRules.ScopeOf(address.MapToIPv6()) == plain && AddressRules.ScopeOf(IPAddress.Parse($"64:ff9b::{address}")) == plain;
    });
}
