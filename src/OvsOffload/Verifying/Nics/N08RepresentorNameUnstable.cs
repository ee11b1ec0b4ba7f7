using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A representor has a name that is another one after the next boot.</summary>
internal sealed class N08RepresentorNameUnstable : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N08",
        "representor-name-unstable",
        CheckSeverity.Warning,
        "Open vSwitch ports use representor names that are not stable",
        """
        The kernel names representors eth0, eth1, .. in the order in which they appear; udev then gives them stable
        names such as enp59s0f0npf0vf3, unless the name is longer than 15 characters or no rule matches. A representor
        that is still called ethN may have another number after the next boot. ovs-offload identifies devices by switch
        and port number and is not affected.

        It is a fault if such a name is in Open vSwitch's database permanently: a port that was added manually. After
        the next boot it may be the port of another guest.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] unstable =
            [.. Devices(pf).Where(pair => IsKernelName(pair.Device.Name))];
        if (unstable.Length == 0)
        {
            return [Ok(name, "no representor is called ethN")];
        }

        if (input.State.OpenVSwitch.Database.IsFailed)
        {
            return [Skip(name, $"Open vSwitch's database: {input.State.OpenVSwitch.Database.Why}")];
        }

        bool lasting = input.State.OpenVSwitch.Agents.IsEmpty;
        return unstable.Select(pair =>
        {
            SwitchPort? port = input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
                ? SwitchPorts.Find(database, pair.Device)
                : null;
            bool kept = lasting && port is not null && !OpenVSwitchDatabase.IsManaged(port.Interface.ExternalIds)
                && !port.Bridge.Ports.Any(one => one.IsManaged && one.Interfaces.Contains(port.Interface));
            return Found(
                kept ? FindingStatus.Warning : FindingStatus.Info,
                Objects.Of(pf, pair.Representor),
                kept
                    ? $"{port!.Bridge.Name} has port {pair.Device.Name}, a name that may belong to another VF after a "
                        + "reboot"
                    : $"the representor is called {pair.Device.Name}",
                $"ip link show {pair.Device.Name}: phys_port_name {pair.Device.PhysPortName ?? "none"}"
                    + (port is null ? "" : $"; ovs-vsctl port-to-br {pair.Device.Name}: {port.Bridge.Name}"),
                "no udev rule or .link file gives it a stable name, or the name would be longer than 15 characters",
                "add a udev rule that names it by phys_switch_id and phys_port_name; or set representors: all for the "
                    + "bridge in the configuration");
        });
    }

    private static bool IsKernelName(string name) =>
        name.Length > 3 && name.StartsWith("eth", StringComparison.Ordinal) && name[3..].All(char.IsAsciiDigit);
}
