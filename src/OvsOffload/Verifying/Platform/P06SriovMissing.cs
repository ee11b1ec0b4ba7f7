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
        The kernel shows in sriov_totalvfs how many VFs a PF may have. The file is missing when the function has no
        SR-IOV capability in its PCI configuration space, and says 0 when the firmware was told to offer none. Either
        way no VF can be made, whatever is asked of the driver.

        NVIDIA cards come with SR-IOV off in firmware: SRIOV_EN=1 and NUM_OF_VFS=n switch it on, and a cold reboot makes
        it so. Some machines have a switch of their own in the BIOS, for all slots or for each.

        A PF that the configuration names and that is not on this host offers none either: the card is gone from the
        bus, sits in another slot, or the name belongs to another device.
        """);

    protected override IEnumerable<Finding> ExamineNotFound(VerifyInput input) =>
        PfResolver.NotFound(input.Intent, input.State).Select(objection => objection.Kind == ObjectionKind.Unreadable
            ? Skip(objection.Object, objection.Text)
            : Found(
                FindingStatus.Error,
                objection.Object,
                "the configuration names this PF, and it is not on this host",
                objection.ToString(),
                "the card is not on the bus (lspci), its address or name is another one, or it is no PF",
                "name a PF of this host (ovs-offload inventory), or look after the card"));

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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

        bool wanted = wish?.Vfs is > 0;
        string evidence = pf.VfLimit.IsKnown ? $"{file}: 0" : $"{file}: {pf.VfLimit.Why}";
        if (!wanted && !pf.Model.CanSwitchdev)
        {
            return [Skip(name, $"it offers no VFs, and none are wanted of it; {evidence}")];
        }

        return
        [
            Found(
                wanted ? FindingStatus.Error : FindingStatus.Info,
                name,
                wanted ? $"{wish!.Vfs} VFs are wanted, and the PF offers none" : "the PF offers no VFs",
                evidence,
                "SR-IOV is off in the card's firmware or in the BIOS",
                $"mstconfig -d {name} set SRIOV_EN=1 NUM_OF_VFS={wish?.Vfs ?? 16} (NVIDIA; mlxconfig with MFT), "
                    + "SR-IOV on in the BIOS, then a cold reboot"),
        ];
    }
}
