using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Platform.Media.Egress;

/// <summary>What kind of address one is, as far as fetching goes.</summary>
internal enum AddressScope
{
    /// <summary>On the public internet.</summary>
    Public = 1,

    /// <summary>Of this machine or of a network of its operator; a setting may allow it.</summary>
    Private = 2,

    /// <summary>Never a place that a tenant's file is fetched from.</summary>
    Forbidden = 3,
}

/// <summary>
/// The table of addresses, after the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its updates). For IPv6 it is
/// a list of what is allowed: only global unicast (2000::/3) is public, less the parts of it that are special. An address that
/// wraps an IPv4 address is judged by that address where the wrapping is a plain translation, and forbidden otherwise.
/// </summary>
internal static class AddressRules
{
    private static readonly (IPNetwork Network, AddressScope Scope)[] SpecialV4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressScope.Forbidden), // this network; 0.0.0.0 reaches the machine itself
        (IPNetwork.Parse("10.0.0.0/8"), AddressScope.Private),
        (IPNetwork.Parse("100.64.0.0/10"), AddressScope.Private), // shared by carriers; pods of some clusters, metadata of some clouds
        (IPNetwork.Parse("127.0.0.0/8"), AddressScope.Private), // loopback
        (IPNetwork.Parse("168.63.129.16/32"), AddressScope.Forbidden), // Azure's host agent: a public address, answered inside only
        (IPNetwork.Parse("169.254.0.0/16"), AddressScope.Forbidden), // link-local: metadata and credentials of clouds
        (IPNetwork.Parse("172.16.0.0/12"), AddressScope.Private),
        (IPNetwork.Parse("192.0.0.0/24"), AddressScope.Forbidden), // IETF protocol assignments
        (IPNetwork.Parse("192.0.2.0/24"), AddressScope.Forbidden), // documentation
        (IPNetwork.Parse("192.31.196.0/24"), AddressScope.Forbidden), // AS112
        (IPNetwork.Parse("192.52.193.0/24"), AddressScope.Forbidden), // AMT relays
        (IPNetwork.Parse("192.88.99.0/24"), AddressScope.Forbidden), // 6to4 relays
        (IPNetwork.Parse("192.168.0.0/16"), AddressScope.Private),
        (IPNetwork.Parse("192.175.48.0/24"), AddressScope.Forbidden), // AS112
        (IPNetwork.Parse("198.18.0.0/15"), AddressScope.Forbidden), // benchmarking
        (IPNetwork.Parse("198.51.100.0/24"), AddressScope.Forbidden), // documentation
        (IPNetwork.Parse("203.0.113.0/24"), AddressScope.Forbidden), // documentation
        (IPNetwork.Parse("224.0.0.0/4"), AddressScope.Forbidden), // multicast
        (IPNetwork.Parse("240.0.0.0/4"), AddressScope.Forbidden), // reserved, and broadcast
    ];

    private static readonly (IPNetwork Network, AddressScope Scope)[] SpecialV6 =
    [
        (IPNetwork.Parse("::1/128"), AddressScope.Private), // loopback
        (IPNetwork.Parse("fc00::/7"), AddressScope.Private), // unique local
        (IPNetwork.Parse("2001::/23"), AddressScope.Forbidden), // IETF: Teredo, benchmarking, ORCHID, drones
        (IPNetwork.Parse("2001:db8::/32"), AddressScope.Forbidden), // documentation
        (IPNetwork.Parse("2002::/16"), AddressScope.Forbidden), // 6to4: carries an IPv4 address through relays of others
        (IPNetwork.Parse("2620:4f:8000::/48"), AddressScope.Forbidden), // AS112
        (IPNetwork.Parse("3fff::/20"), AddressScope.Forbidden), // documentation
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Networks without IPv4 reach all of IPv4 through it (RFC 6052); 64:ff9b:1::/48 is for local use and stays forbidden.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Judges an address.</summary>
    public static AddressScope ScopeOf(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return ScopeIn(SpecialV4, address) ?? AddressScope.Public;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return AddressScope.Forbidden;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return ScopeOf(address.MapToIPv4());
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Nat64.Contains(address))
        {
            return ScopeOf(new IPAddress(bytes[12..]));
        }

        if (ScopeIn(SpecialV6, address) is { } special)
        {
            return special;
        }

        return GlobalUnicast.Contains(address) && !IsIsatap(bytes) ? AddressScope.Public : AddressScope.Forbidden;
    }

    private static AddressScope? ScopeIn((IPNetwork Network, AddressScope Scope)[] table, IPAddress address)
    {
        foreach (var (network, scope) in table)
        {
            if (network.Contains(address))
            {
                return scope;
            }
        }

        return null;
    }

    // ISATAP tunnels to the IPv4 address in the last four bytes, under any prefix (RFC 5214).
    private static bool IsIsatap(ReadOnlySpan<byte> address) =>
        (BinaryPrimitives.ReadUInt32BigEndian(address[8..]) & 0xFCFFFFFF) == 0x00005EFE;
}
