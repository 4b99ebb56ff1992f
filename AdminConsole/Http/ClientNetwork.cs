using System.Net;
using System.Net.Sockets;

namespace AdminConsole.Http;

/// <summary>Defines one client for rate limits: an IPv4 address, or the /64 network of an IPv6 address. One client has
/// the whole /64 network.</summary>
internal static class ClientNetwork
{
    private const int PrefixBytes = 8;

    /// <summary>Returns the address that represents all addresses of the client; null when the connection has
    /// none.</summary>
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
