using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

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
    public static HostState Switchdev(int vfs = 2) => Switchdev(SampleHost.ConnectX6Dx(vfs));

    private static HostState Switchdev(HostState host) => host
        .WithBridges(SampleHost.BridgeOf(SampleHost.Bridge))
        .WithSecondPort(OwnAddress);

    /// <summary>Both ports in switchdev mode below a bond of a profile that is in hardware.</summary>
    public static HostState Bonded(string profile = "lacp", int vfs = 2, HostState? card = null)
    {
        var host = new SimulatedHost(Switchdev(card ?? SampleHost.ConnectX6Dx(vfs)));
        foreach (Step step in Planner.Plan(Intent(profile, vfs), host.State).Steps)
        {
            host.Run(step.Action);
        }

        return host.State;
    }

    /// <summary>The same, with everything that a NIC and a switch show of a healthy bond.</summary>
    public static HostState Healthy(string profile = "lacp", int vfs = 2, HostState? card = null) =>
        Bonded(profile, vfs, card).WithBond(bond => bond with
        {
            VfLag = VfLag.Active($"{ActiveLag.Directory}/state: active; type: switchdev"),
            Lag = Reading.Known(ActiveLag),
            Rules = Reading.Known(new BondRules(14, 2, ImmutableSortedDictionary<uint, int>.Empty.Add(2, 10), 0)),
            Aggregator = bond.Mode == BondMode.Lacp
                ? new BondAggregator(1, 2, 9, 9, HardwareAddress.Parse("0c:29:ef:00:00:01"))
                : null,
            Members =
            [
                .. bond.Members.Select(member => member with
                {
                    Slave = bond.Mode == BondMode.Lacp
                        ? member.Slave with { AggregatorId = 1, ActorState = Joined, PartnerState = Joined }
                        : member.Slave,
                    Churn = bond.Mode == BondMode.Lacp
                        ? Reading.Known(new BondChurn("none", "none"))
                        : Reading.Absent<BondChurn>("not in mode 802.3ad"),
                }),
            ],
        });

    /// <summary>What debugfs shows of a card in a VF-LAG.</summary>
    public static Mlx5Lag ActiveLag => new()
    {
        Directory = "/sys/kernel/debug/mlx5/0000:3b:00.0/lag",
        IsActive = true,
        Type = Reading.Known("switchdev"),
        PortSelection = Reading.Known("hash"),
        SharedFdb = Reading.Known(true),
        FdbSelection = Reading.Known("native"),
        Mapping = Reading.Known<ImmutableArray<string>>(["1", "2"]),
        Members = Reading.Known<ImmutableArray<PciAddress>>([PciAddress.Parse(First), PciAddress.Parse(Second)]),
    };

    /// <summary>Changes the only bond.</summary>
    public static HostState WithBond(this HostState host, Func<BondState, BondState> change) => host with
    {
        Bonds = host.Bonds.Map<ImmutableArray<BondState>>(bonds => [change(bonds[0])]),
    };

    /// <summary>The state of a port that carries traffic.</summary>
    private const LacpState Joined = LacpState.Activity | LacpState.Aggregation | LacpState.Synchronization
        | LacpState.Collecting | LacpState.Distributing;

    /// <summary>A bond of both ports, with the bridge on it.</summary>
    public static HostIntent Intent(
        string profile = "lacp", int vfs = 2, VfLagRequirement need = VfLagRequirement.Required,
        params string[] members) => new()
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

    public static BondIntent Bond(string profile, VfLagRequirement need, params string[] members) => new()
    {
        Name = "bond0",
        Profile = profile,
        Settings = Profile(profile),
        Members = [.. members.Select(SampleIntent.Reference)],
        VfLag = need,
    };

    /// <summary>One of the program's own profiles.</summary>
    public static BondProfile Profile(string name) => new BondProfiles(HostPaths.Under("/nonexistent")).Find(name)!;

    private static PhysicalFunction OwnAddress(PhysicalFunction pf) => pf with
    {
        Uplink = pf.Uplink! with
        {
            Address = HardwareAddress.Parse("0c:42:a1:00:00:0b"),
            PermanentAddress = HardwareAddress.Parse("0c:42:a1:00:00:0b"),
        },
    };
}
