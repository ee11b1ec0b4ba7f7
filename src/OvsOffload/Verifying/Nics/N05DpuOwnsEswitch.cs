using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The e-switch belongs to the processors of a DPU.</summary>
internal sealed class N05DpuOwnsEswitch : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N05",
        "dpu-owns-eswitch",
        CheckSeverity.Error,
        "the e-switch is managed by the DPU's own processors",
        """
        A BlueField in DPU mode (embedded CPU function ownership) runs Open vSwitch on its own processors. The host then
        sees PFs that are not e-switch managers: devlink on the host cannot set a mode (EOPNOTSUPP), and representors
        exist only on the DPU. Such a PF cannot be put into switchdev mode from the host.

        Configure offload on the DPU, or put the card into NIC mode in its firmware.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!pf.Model.Generation.IsDpu)
        {
            return [Ok(name, $"{pf.Model.Name} ({pf.Model.Id}) is not a DPU")];
        }

        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Eswitch.IsKnown && pf.Mode is not null)
        {
            return [Ok(name, $"devlink dev eswitch show pci/{name}: mode {pf.Mode.Value.ToName()}: managed by the "
                + "host")];
        }

        return
        [
            Found(intent?.Mode == NicMode.Switchdev ? FindingStatus.Error : FindingStatus.Info, name, Info.Title,
                $"{pf.Model.Name} ({pf.Model.Id}); devlink dev eswitch show pci/{name}: "
                    + (pf.Eswitch.IsAbsent ? pf.Eswitch.Why : "no mode"),
                "the DPU is in embedded mode, in which its own processors manage the e-switch",
                $"configure Open vSwitch on the DPU; or put the card into NIC mode (BlueField-3: mstconfig -d {name} "
                    + "set INTERNAL_CPU_OFFLOAD_ENGINE=1) and do a cold reboot"),
        ];
    }
}
