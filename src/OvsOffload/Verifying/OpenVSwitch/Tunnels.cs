using System.Net;
using System.Net.Sockets;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>The tunnel ports of Open vSwitch's kernel datapath.</summary>
internal static class Tunnels
{
    /// <summary>Key of the tunnels' address on a host of OVN (ovn-controller(8)); may hold several.</summary>
    private const string OvnAddress = "ovn-encap-ip";

    private const string Geneve = "geneve", Gre = "gre";

    /// <summary>The IPv4 header and the guest's own Ethernet header, which the outer packet carries.</summary>
    private const int OuterAndInner = 20 + 14;

    /// <summary>What an IPv6 header has more than one of IPv4.</summary>
    private const int MoreWithIPv6 = 20;

    /// <summary>UDP 8 and VXLAN, or Geneve without options, 8.</summary>
    private const int Udp = 8 + 8;

    /// <summary>GRE without key (RFC 2784).</summary>
    private const int PlainGre = 4;

    /// <summary>OVN's option of Geneve, on every packet (ovn-architecture(7), "Tunnel Encapsulations").</summary>
    private const int OvnOption = 8;

    /// <summary>Types of tunnels that tc can offload (lib/netdev-offload-tc.c; netdev-vport.c).</summary>
    private static readonly string[] Types = ["vxlan", Geneve, Gre];

    /// <summary>The rows of all tunnels; none where the database was not read.</summary>
    public static IEnumerable<OvsInterface> Of(HostState state) =>
        state.OpenVSwitch.Database.ValueOrDefault()?.Bridges
            .Where(bridge => bridge.UsesKernelDatapath)
            .SelectMany(bridge => bridge.Interfaces)
            .Where(row => Types.Contains(row.Type)) ?? [];

    /// <summary>The tunnel's own address; null where routing, or each flow, chooses it.</summary>
    public static IPAddress? LocalAddress(OvsInterface tunnel) => Address(tunnel, "local_ip");

    /// <summary>The other end's address; null where each flow chooses it.</summary>
    public static IPAddress? RemoteAddress(OvsInterface tunnel) => Address(tunnel, "remote_ip");

    /// <summary>
    /// The device that has the tunnel's own address, its own or the one that OVN gives to all; null where neither is
    /// set, or no device of this namespace has it.
    /// </summary>
    public static NetDevice? OuterDevice(OvsInterface tunnel, HostState state) =>
        (LocalAddress(tunnel) ?? OvnEncapAddress(state)) is { } local ? DeviceOf(local, state) : null;

    /// <summary>The device that has an address; null where none of this namespace has it.</summary>
    public static NetDevice? DeviceOf(IPAddress address, HostState state) => state.Devices.ValueOr([])
        .FirstOrDefault(device => device.AllAddresses.Any(one => one.Address.Equals(address)));

    /// <summary>Whether a device is an internal port of Open vSwitch, a bridge's own for example.</summary>
    public static bool IsInternalPort(NetDevice device, OpenVSwitchDatabase database) =>
        SwitchPorts.Find(database, device) is { Interface.Type: "internal" };

    /// <summary>
    /// The least by which the MTU of the way out has to be above a guest's, in bytes. A key of GRE, or options that
    /// others than OVN add to Geneve, come on top.
    /// </summary>
    public static int Overhead(OvsInterface tunnel, HostState state)
    {
        OpenVSwitchDatabase? database = state.OpenVSwitch.Database.ValueOrDefault();
        IPAddress? end = LocalAddress(tunnel) ?? RemoteAddress(tunnel) ?? OvnEncapAddress(state);
        return OuterAndInner
            + (tunnel.Type == Gre ? PlainGre : Udp)
            + (tunnel.Type == Geneve && database?.OvnRemote is not null ? OvnOption : 0)
            + (end?.AddressFamily == AddressFamily.InterNetworkV6 ? MoreWithIPv6 : 0);
    }

    private static IPAddress? OvnEncapAddress(HostState state) =>
        state.OpenVSwitch.Database.ValueOrDefault()?.ExternalIds.GetValueOrDefault(OvnAddress) is { } addresses
        && IPAddress.TryParse(addresses.Split(',')[0], out IPAddress? address)
            ? address
            : null;

    private static IPAddress? Address(OvsInterface tunnel, string option) =>
        IPAddress.TryParse(tunnel.Options.GetValueOrDefault(option), out IPAddress? address) ? address : null;
}
