using System.Net;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Verifying;

/// <summary>What hosts with one fault are made of.</summary>
internal static class FaultyParts
{
    public static HostState Healthy { get; } = SampleHost.ConnectX6Dx();

    /// <summary>Puts the uplinks of all PFs under one bond.</summary>
    public static HostState BondOfBoth(HostState host)
    {
        string[] uplinks = [.. host.KnownFunctions.Select(pf => pf.Uplink!.Name)];
        return uplinks.Aggregate(
            host.WithDevices(devices =>
                [.. devices, new NetDevice { Index = 50, Name = "bond0", Kind = "bond", Up = true, Mtu = 1500 }]),
            (state, uplink) => state.WithDevice(uplink, device => device with { Master = 50 }));
    }

    /// <summary>
    /// Adds a VXLAN tunnel to the bridge, with its own address on the uplink unless another is given.
    /// </summary>
    public static HostState WithTunnel(HostState host, string? local = null)
    {
        OvsPort plain = SampleHost.PortOf("vxlan0", "vxlan");
        var options = new Dictionary<string, string>
        {
            ["remote_ip"] = "192.0.2.20",
            ["local_ip"] = local ?? "192.0.2.10",
        };
        OvsPort tunnel = plain with { Interfaces = [plain.Interfaces[0] with { Options = options }] };
        return host
            .WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { Ports = [.. bridge.Ports, tunnel] })],
            })
            .WithDevice(SampleHost.Uplink, device => device with
            {
                Mtu = 1600,
                Addresses = local is null ? [new IPNetworkAddress(IPAddress.Parse("192.0.2.10"), 24)] : [],
            });
    }
}
