using System.Net.NetworkInformation;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

/// <summary>
/// Whatever the host is and whatever is meant: the plan can be run in its order, and what it leads to needs no plan.
/// </summary>
public class ConvergenceTests
{
    internal static readonly Dictionary<string, HostState> Hosts = new()
    {
        ["fresh ConnectX-4 Lx"] = SampleHost.Fresh("15b3:1015"),
        ["fresh ConnectX-5"] = SampleHost.Fresh("15b3:1017"),
        ["fresh ConnectX-6 Dx"] = SampleHost.Fresh(),
        ["legacy ConnectX-4 Lx with 2 VFs"] = SampleHost.Legacy("15b3:1015"),
        ["legacy ConnectX-6 Dx with 4 VFs"] = SampleHost.Legacy(vfs: 4),
        ["legacy ice with 2 VFs"] = SampleHost.Legacy("8086:1592"),
        ["fresh bnxt that is down"] = SampleHost.Fresh("14e4:16d7")
            .WithDevice(SampleHost.Uplink, device => device with { Up = false }),
        ["switchdev ConnectX-6 Dx"] = SampleHost.ConnectX6Dx(),
        ["switchdev ConnectX-4 Lx"] = SampleHost.ConnectX4Lx(3),
        ["switchdev with VFs of vfio"] = SampleHost.ConnectX6Dx().WithVf(0, Vfio).WithVf(1, Vfio),
        ["autoprobe off"] = SampleHost.Legacy().WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) }),
        ["without a bridge"] = SampleHost.Legacy().WithBridges(),
        ["two ports"] = SampleHost.Legacy().WithSecondPort(),
        ["agent"] = SampleHost.Legacy().WithSwitch(state => state with { Agents = ["OVN"] }),
        ["needs VFs first"] = SampleHost.Legacy("15b3:1015", 3).Refusing(RefusalReason.NeedsVfsFirst),
        ["needs no VFs"] = SampleHost.Legacy("15b3:1015").Refusing(RefusalReason.NeedsNoVfs),
        ["busy while bound"] = SampleHost.Legacy("15b3:1015").Refusing(RefusalReason.BusyWhileVfsAreBound),
    };

    internal static readonly Dictionary<string, NicIntent> Nics = new()
    {
        ["switchdev"] = SampleIntent.Nic(NicMode.Switchdev),
        ["0 VFs"] = SampleIntent.Nic(NicMode.Switchdev, 0),
        ["2 VFs"] = SampleIntent.Nic(NicMode.Switchdev, 2),
        ["5 VFs, stable"] = SampleIntent.Nic(NicMode.Switchdev, 5) with { VfMacs = VfMacSource.Stable },
        ["3 VFs, random, vfio"] = SampleIntent.Nic(NicMode.Switchdev, 3) with
        {
            VfMacs = VfMacSource.Random,
            VfDriver = VfDriver.Named("vfio-pci"),
        },
        ["2 VFs, listed, kernel"] = SampleIntent.Nic(NicMode.Switchdev, 2) with
        {
            VfMacs = VfMacSource.List,
            VfMacList = [PhysicalAddress.Parse("02-00-00-00-00-01"), PhysicalAddress.Parse("02-00-00-00-00-02")],
            VfDriver = VfDriver.Kernel,
        },
        ["2 VFs, none, dmfs, no encap"] = SampleIntent.Nic(NicMode.Switchdev, 2) with
        {
            VfDriver = VfDriver.None,
            Steering = SteeringChoice.Dmfs,
            Encap = EncapChoice.None,
        },
        ["2 VFs, MTU 9000"] = SampleIntent.Nic(NicMode.Switchdev, 2) with { Mtu = 9000 },
        ["legacy, 2 VFs"] = SampleIntent.Nic(NicMode.Legacy, 2),
        ["legacy, MTU 1400"] = SampleIntent.Nic(NicMode.Legacy) with { Mtu = 1400 },
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string host in Hosts.Keys)
            {
                foreach (string nic in Nics.Keys)
                {
                    cases.Add(host, nic);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void After_a_plan_nothing_is_left_to_plan(string host, string nic)
    {
        HostState start = Hosts[host];
        HostIntent intent = Intent(Nics[nic], start);
        var simulated = new SimulatedHost(start);

        int rounds = 0;
        Plan plan = Planner.Plan(intent, start);
        for (; plan.Steps.Length > 0; plan = Planner.Plan(intent, simulated.State))
        {
            Assert.Empty(plan.Objections);
            // A driver that starts with a wrong inline mode shows it only after the change of mode.
            Assert.True(++rounds <= 2, string.Join('\n', plan.Steps.Select(step => step.Action.Summary)));
            foreach (Step step in plan.Steps)
            {
                simulated.Run(step.Action);
            }
        }

        Assert.True(plan.IsEmpty, string.Join('\n', plan.Objections) + string.Join('\n', plan.Pending));
        Assert.Equal(Nics[nic].Mode.ToString(), simulated.State.KnownFunctions[0].Mode.ToString());
        Assert.Equal(
            Nics[nic].Vfs ?? start.KnownFunctions[0].VfCount.Value,
            simulated.State.KnownFunctions[0].VirtualFunctions.Length);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reverting_restores_the_initial_state(string host, string nic)
    {
        HostState start = Hosts[host];
        var simulated = new SimulatedHost(start);
        var done = new Stack<StepAction>();
        foreach (Step step in Planner.Plan(Intent(Nics[nic], start), start).Steps)
        {
            if (simulated.Run(step.Action))
            {
                done.Push(step.Action);
            }
        }

        while (done.TryPop(out StepAction? action))
        {
            foreach (StepAction back in action.Inverse)
            {
                simulated.Run(back);
            }
        }

        Assert.Equal(Told(start), Told(simulated.State));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Planning_twice_gives_the_same_plan(string host, string nic)
    {
        HostIntent intent = Intent(Nics[nic], Hosts[host]);

        Assert.Equal(Lines(), Lines());

        IEnumerable<string> Lines() => Planner.Plan(intent, Hosts[host]).Steps
            .Select(step => $"{step.Action.Summary} {step.Why} {string.Join(',', step.Disrupts)} {step.Undo}");
    }

    /// <summary>One NIC, and the bridge and settings that belong to its mode.</summary>
    internal static HostIntent Intent(NicIntent nic, HostState host)
    {
        bool switchdev = nic.Mode == NicMode.Switchdev;
        HostIntent whole = SampleIntent.Switchdev(
            representors: host.OpenVSwitch.Agents.IsEmpty ? RepresentorPorts.All : RepresentorPorts.None);
        return whole with
        {
            Nics = [nic],
            Bridges = switchdev ? whole.Bridges : [],
            OpenVSwitch = new OpenVSwitchIntent { HwOffload = switchdev, Restart = RestartPolicy.Auto },
        };
    }

    private static VirtualFunction Vfio(VirtualFunction vf) =>
        vf with { Driver = "vfio-pci", DriverOverride = "vfio-pci", Devices = [] };

    /// <summary>What of a host a plan may change.</summary>
    internal static IEnumerable<string> Told(HostState host)
    {
        PhysicalFunction pf = host.KnownFunctions[0];
        OpenVSwitchDatabase database = host.OpenVSwitch.Database.Value;
        return
        [
            $"{pf.Mode} {pf.Eswitch.Value.EncapMode} {pf.SteeringMode} {pf.VfCount} {pf.DriversAutoprobe} "
                + $"{pf.Uplink?.Mtu}",
            .. pf.VirtualFunctions.Select(vf => $"{vf.Index} {vf.Driver} {vf.DriverOverride} {vf.Mac}"),
            .. pf.Representors.Value.Select(representor => $"{representor.Device?.Name} {representor.Device?.Mtu}"),
            .. database.OtherConfig.Where(pair => pair.Value != "false").Select(pair => pair.ToString()),
            .. database.Bridges.Select(bridge => $"{bridge.Name}: "
                + string.Join(' ', bridge.Ports.Where(port => !port.IsManaged).Select(port => port.Name))),
        ];
    }
}
