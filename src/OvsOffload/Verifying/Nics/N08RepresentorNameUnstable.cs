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
        "ports of Open vSwitch go by names that do not last",
        """
        The kernel names representors eth0, eth1, .. in the order in which they come; udev then gives them lasting names
        such as enp59s0f0npf0vf3, unless the name is longer than 15 letters or no rule fits. A representor that is still
        called ethN may have another number after the next boot. This program knows devices by switch and port number
        and does not mind.

        It is a fault where Open vSwitch holds such a name for good: a port of the bridge's configuration that somebody
        added by hand. After the next boot it may be the port of another guest.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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
                    ? $"{port!.Bridge.Name} holds {pair.Device.Name}, a name that may be another port's after a boot"
                    : $"the representor is called {pair.Device.Name}",
                $"ip link show {pair.Device.Name}: phys_port_name {pair.Device.PhysPortName ?? "none"}"
                    + (port is null ? "" : $"; ovs-vsctl port-to-br {pair.Device.Name}: {port.Bridge.Name}"),
                "no udev rule or .link file gives it a lasting name, or the name would have more than 15 letters",
                "a udev rule that names it by phys_switch_id and phys_port_name; or bridges: .. representors: all in "
                    + "the configuration, which goes by neither name");
        });
    }

    private static bool IsKernelName(string name) =>
        name.Length > 3 && name.StartsWith("eth", StringComparison.Ordinal) && name[3..].All(char.IsAsciiDigit);
}
