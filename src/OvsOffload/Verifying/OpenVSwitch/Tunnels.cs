using System.Net;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>The tunnel ports of Open vSwitch's kernel datapath.</summary>
internal static class Tunnels
{
    /// <summary>Types of tunnels that tc can offload (lib/netdev-offload-tc.c; netdev-vport.c).</summary>
    private static readonly string[] Types = ["vxlan", "geneve", "gre"];

    /// <summary>The rows of all tunnels; none where the database was not read.</summary>
    public static IEnumerable<OvsInterface> Of(HostState state) =>
        state.OpenVSwitch.Database.ValueOrDefault()?.Bridges
            .Where(bridge => bridge.IsOfKernel)
            .SelectMany(bridge => bridge.Interfaces)
            .Where(row => Types.Contains(row.Type)) ?? [];

    /// <summary>The tunnel's own address; null where routing, or each flow, chooses it.</summary>
    public static IPAddress? LocalAddress(OvsInterface tunnel) => Address(tunnel, "local_ip");

    /// <summary>The other end's address; null where each flow chooses it.</summary>
    public static IPAddress? RemoteAddress(OvsInterface tunnel) => Address(tunnel, "remote_ip");

    private static IPAddress? Address(OvsInterface tunnel, string option) =>
        IPAddress.TryParse(tunnel.Options.GetValueOrDefault(option), out IPAddress? address) ? address : null;
}
