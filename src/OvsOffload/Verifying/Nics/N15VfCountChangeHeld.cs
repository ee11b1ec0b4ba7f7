using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The number of VFs is to change while a guest holds one.</summary>
internal sealed class N15VfCountChangeHeld : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N15",
        "vf-count-change-held",
        CheckSeverity.Error,
        "the number of VFs cannot change because a VF is in use",
        """
        The number of VFs can only change through 0: all VFs are destroyed and recreated. The kernel does not check
        whether a guest uses one, so the guest would lose its NIC, or the write would hang until it is released.
        ovs-offload refuses: the change waits until the guests that use VFs are stopped or migrated.

        Choose the number for the host's lifetime: unused VFs cost little.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (intent?.Vfs is not { } wanted)
        {
            return [Skip(name, "the configuration does not set vfs: for this PF")];
        }

        if (pf.VfCount.IsFailed)
        {
            return [Skip(name, $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount.Why}")];
        }

        int now = pf.VfCount.ValueOr(0);
        string evidence = $"{SysfsFile.Of(pf, "sriov_numvfs")}: {now}; {intent.Source["vfs"]}: vfs: {wanted}";
        if (now == wanted || now == 0)
        {
            return [Ok(name, evidence)];
        }

        VirtualFunction? held = pf.VirtualFunctions.FirstOrDefault(vf => vf.IsHeld);
        return held is null
            ? [Ok(name, $"{evidence}; no VF is in use")]
            :
            [
                Found(FindingStatus.Error, name, $"the configuration sets vfs: {wanted} instead of {now}, but a VF is "
                    + "in use",
                    $"{evidence}; vf{held.Index}: "
                        + (held.Holder.IsKnown ? held.Holder.Value.Description : held.Holder.Why),
                    "the number can only change through 0, which destroys every VF",
                    $"stop or migrate the users of VFs of {name} (ovs-offload inventory), then ovs-offload apply; or "
                        + $"set vfs: {now} in the configuration"),
            ];
    }
}
