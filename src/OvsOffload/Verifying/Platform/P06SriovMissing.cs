using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Verifying;

/// <summary>A PF that is to have VFs offers none.</summary>
internal sealed class P06SriovMissing : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P06",
        "sriov-missing",
        CheckSeverity.Error,
        "the PF offers no VFs",
        """
        The kernel shows in sriov_totalvfs how many VFs a PF can have. The file is missing if the function has no SR-IOV
        capability in its PCI configuration space, and is 0 if SR-IOV is disabled in the firmware. Either way no VF can
        be created.

        NVIDIA cards ship with SR-IOV disabled in the firmware: SRIOV_EN=1 and NUM_OF_VFS=n enable it after a cold
        reboot. Some machines also have a BIOS setting, for all slots or per slot.

        A PF in the configuration that this host does not have is reported too: the card is missing from the bus, sits
        in another slot, or the name belongs to another device.
        """);

    protected override IEnumerable<Finding> ExamineNotFound(Observation input) =>
        PfResolver.NotFound(input.Intent, input.State).Select(objection => objection.Kind == ObjectionKind.Unreadable
            ? Skip(objection.Object, objection.Text)
            : Found(
                FindingStatus.Error,
                objection.Object,
                "the configuration names a PF that this host does not have",
                objection.ToString(),
                "the card is not on the bus (lspci), has another address or name, or is not a PF",
                "correct pf: in the configuration (ovs-offload inventory lists the PFs), or check the card"));

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_totalvfs");
        if (pf.VfLimit.IsFailed)
        {
            return [Skip(name, $"{file}: {pf.VfLimit.Why}")];
        }

        if (pf.VfLimit.ValueOr(0) > 0)
        {
            return [Ok(name, $"{file}: {pf.VfLimit.Value}")];
        }

        bool wanted = intent?.Vfs is > 0;
        string evidence = pf.VfLimit.IsKnown ? $"{file}: 0" : $"{file}: {pf.VfLimit.Why}";
        if (!wanted && !pf.Model.CanSwitchdev)
        {
            return [Skip(name, $"the PF offers no VFs, and the configuration sets none; {evidence}")];
        }

        return
        [
            Found(
                wanted ? FindingStatus.Error : FindingStatus.Info,
                name,
                wanted
                    ? $"the configuration sets vfs: {intent!.Vfs}, but the PF offers no VFs"
                    : "the PF offers no VFs",
                evidence,
                "SR-IOV is disabled in the card's firmware or in the BIOS",
                $"mstconfig -d {name} set SRIOV_EN=1 NUM_OF_VFS={intent?.Vfs ?? 16} (NVIDIA; mlxconfig with MFT), "
                    + $"enable "
                    + "SR-IOV in the BIOS, then do a cold reboot"),
        ];
    }
}
