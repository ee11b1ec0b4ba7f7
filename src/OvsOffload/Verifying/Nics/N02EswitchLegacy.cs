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
        In legacy mode a NIC's e-switch forwards between VFs by MAC address and VLAN alone: there are no representors,
        so Open vSwitch sees nothing of the VFs and can offload nothing. Switchdev mode gives each VF a representor.

        The mode is that of devlink. It is lost with every reboot and every reload of the driver, and is therefore set
        at each boot. phys_switch_id proves nothing: mlx5 shows one in legacy mode too. A PF that nobody wants offloaded
        is no fault in legacy mode. "switchdev_inactive", on the newest kernels, has representors, but passes no traffic
        yet.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Mode == EswitchMode.Switchdev)
        {
            return [Ok(name, Shown(pf))];
        }

        bool wanted = wish?.Mode == NicMode.Switchdev;
        if (!wanted && !IsPortOfOffloadingSwitch(pf, input))
        {
            return [Skip(name, $"switchdev mode is not wanted of it; {Shown(pf)}")];
        }

        if (!pf.Model.CanSwitchdev || pf.PortType == PortType.Infiniband)
        {
            return
            [
                Skip(name, pf.Model.CanSwitchdev
                    ? "an InfiniBand port: see N04"
                    : "it has no switchdev mode: see N01"),
            ];
        }

        if (pf.Model.Generation.IsDpu && pf.Mode is null)
        {
            return [Skip(name, "a DPU without an e-switch for the host: see N05")];
        }

        return
        [
            Found(
                wanted ? FindingStatus.Error : FindingStatus.Info,
                name,
                pf.Mode is { } mode ? $"the e-switch is in {mode.ToWord()} mode" : "there is no e-switch to switch",
                Shown(pf) + (wanted ? $"; {wish!.Source["mode"]}: mode: switchdev" : $"; {input.WhyOffload}"),
                pf.Mode is null
                    ? "the driver offers no e-switch on this function: it was built without"
                    : "nobody has switched it since the driver was loaded, or somebody switched it back",
                wish is { Managed: Management.Full }
                    ? "ovs-offload apply"
                    : $"devlink dev eswitch set pci/{name} mode switchdev (this takes the VFs' traffic away for a "
                        + "moment)"),
        ];
    }

    private static string Shown(PhysicalFunction pf) => $"devlink dev eswitch show pci/{pf.Address}: "
        + (pf.Eswitch.IsKnown ? $"mode {pf.Mode?.ToWord() ?? "not told"}" : pf.Eswitch.Why);

    /// <summary>
    /// Whether the PF is a port of an Open vSwitch that is told to offload: then legacy mode is worth a word.
    /// </summary>
    private static bool IsPortOfOffloadingSwitch(PhysicalFunction pf, VerifyInput input) =>
        pf.Uplink is { } uplink
        && pf.Model.CanSwitchdev
        && input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
        && VerifyInput.IsOffloadConfigured(database)
        && SwitchPorts.Find(database, uplink) is not null;
}
