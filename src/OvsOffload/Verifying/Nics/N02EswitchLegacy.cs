using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A PF that is to be in switchdev mode is not.</summary>
internal sealed class N02EswitchLegacy : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N02",
        "eswitch-legacy",
        CheckSeverity.Error,
        "the e-switch is in legacy mode",
        """
        In legacy mode the e-switch forwards between VFs by MAC address and VLAN only: there are no representors, so
        Open vSwitch cannot see the VFs and cannot offload their traffic. In switchdev mode each VF has a representor.

        The mode is set with devlink. It is lost with every reboot and every driver reload, so it has to be set at each
        boot. phys_switch_id proves nothing: mlx5 shows one in legacy mode too. Legacy mode is no fault on a PF without
        configured offload. "switchdev_inactive", on the newest kernels, has representors but passes no traffic yet.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Mode == EswitchMode.Switchdev)
        {
            return [Ok(name, EvidenceOf(pf))];
        }

        bool wanted = intent?.Mode == NicMode.Switchdev;
        if (!wanted && !IsPortOfOffloadingSwitch(pf, input))
        {
            return [Skip(name, $"switchdev mode is not configured; {EvidenceOf(pf)}")];
        }

        if (!pf.Model.CanSwitchdev || pf.PortType == PortType.Infiniband)
        {
            return
            [
                Skip(name, pf.Model.CanSwitchdev
                    ? "an InfiniBand port: see N04"
                    : "the NIC has no switchdev mode: see N01"),
            ];
        }

        if (pf.Model.Generation.IsDpu && pf.Mode is null)
        {
            return [Skip(name, "the e-switch is managed by the DPU: see N05")];
        }

        return
        [
            Found(
                wanted ? FindingStatus.Error : FindingStatus.Info,
                name,
                pf.Mode is { } mode ? $"the e-switch is in {mode.ToName()} mode" : "the driver offers no e-switch",
                EvidenceOf(pf) + (wanted ? $"; {intent!.Source["mode"]}: mode: switchdev" : $"; {input.OffloadReason}"),
                pf.Mode is null
                    ? "the driver was built without e-switch support"
                    : "the mode was not set since the driver was loaded, or was set back to legacy",
                intent is { Managed: Management.Full }
                    ? "ovs-offload apply"
                    : $"devlink dev eswitch set pci/{name} mode switchdev (interrupts the VFs' traffic)"),
        ];
    }

    private static string EvidenceOf(PhysicalFunction pf) => $"devlink dev eswitch show pci/{pf.Address}: "
        + (pf.Eswitch.IsKnown ? $"mode {pf.Mode?.ToName() ?? "not reported"}" : pf.Eswitch.Why);

    /// <summary>
    /// Whether the PF is a port of an Open vSwitch that is told to offload: then legacy mode is worth a word.
    /// </summary>
    private static bool IsPortOfOffloadingSwitch(PhysicalFunction pf, Observation input) =>
        pf.Uplink is { } uplink
        && pf.Model.CanSwitchdev
        && input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
        && database.OffloadConfigured
        && SwitchPorts.Find(database, uplink) is not null;
}
