using System.Net;
using System.Net.Sockets;

namespace AdminConsole.Http;

/// <summary>What counts as one client where clients are counted: an IPv4 address, or the /64 network that an IPv6
/// address is in, which one client has as a whole.</summary>
internal static class ClientNetwork
{
    private const int PrefixBytes = 8;

    /// <summary>The address that stands for all of the client's; null where the connection has none.</summary>
    public static IPAddress? Of(IPAddress? address)
    {
        if (address is null or { AddressFamily: not AddressFamily.InterNetworkV6 })
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var network = address.GetAddressBytes();
        Array.Clear(network, PrefixBytes, network.Length - PrefixBytes);
        return new IPAddress(network);
    }
}
