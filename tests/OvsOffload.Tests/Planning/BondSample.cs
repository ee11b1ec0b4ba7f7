using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.System;
using OvsOffload.Tests.Host;

namespace OvsOffload.Tests.Planning;

/// <summary>A card of two ports, and a bond of them.</summary>
internal static class BondSample
{
    public const string First = SampleHost.Pf;

    public const string Second = "0000:3b:00.1";

    public const string SecondUplink = "enp59s0f1np1";

    /// <summary>Both ports in legacy mode without VFs, the second one with its own MAC address.</summary>
    public static HostState Fresh(string id = "15b3:101d") => SampleHost.Fresh(id).WithSecondPort(OwnAddress);

    /// <summary>Both ports in switchdev mode with VFs on the first one, and no bond.</summary>
    public static HostState Switchdev(int vfs = 2) => SampleHost.ConnectX6Dx(vfs)
        .WithBridges(SampleHost.BridgeOf(SampleHost.Bridge))
        .WithSecondPort(OwnAddress);

    /// <summary>Both ports in switchdev mode below a bond of a profile that is in hardware.</summary>
    public static HostState Bonded(string profile = "lacp", int vfs = 2)
    {
        var host = new SimulatedHost(Switchdev(vfs));
        foreach (Step step in Planner.Plan(Intent(profile, vfs), host.State).Steps)
        {
            host.Run(step.Action);
        }

        return host.State;
    }

    /// <summary>A bond of both ports, with the bridge on it.</summary>
    public static HostIntent Intent(
        string profile = "lacp", int vfs = 2, VfLagNeed need = VfLagNeed.Required, params string[] members) => new()
        {
            Nics = [Nic(First, vfs), Nic(Second, 0)],
            Bonds = [Bond(profile, need, members.Length > 0 ? members : [First, Second])],
            Bridges =
            [
                new BridgeIntent { Name = SampleHost.Bridge, Uplink = new BridgeUplink("bond0", null) },
            ],
            OpenVSwitch = new OpenVSwitchIntent { HwOffload = true },
        };

    public static NicIntent Nic(string pf, int? vfs) => new()
    {
        Pf = SampleIntent.Reference(pf),
        Mode = NicMode.Switchdev,
        Vfs = vfs,
    };

    public static BondIntent Bond(string profile, VfLagNeed need, params string[] members) => new()
    {
        Name = "bond0",
        Profile = profile,
        Settings = Profile(profile),
        Members = [.. members.Select(SampleIntent.Reference)],
        VfLag = need,
    };

    /// <summary>One of the program's own profiles.</summary>
    public static BondProfile Profile(string name) => new BondProfiles(HostPaths.Below("/nonexistent")).Find(name)!;

    private static PhysicalFunction OwnAddress(PhysicalFunction pf) => pf with
    {
        Uplink = pf.Uplink! with
        {
            Address = HardwareAddress.Parse("0c:42:a1:00:00:0b"),
            PermanentAddress = HardwareAddress.Parse("0c:42:a1:00:00:0b"),
        },
    };
}
