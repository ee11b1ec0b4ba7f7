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
        "the number of VFs cannot change, a VF is in use",
        """
        The number of VFs goes from one value to another only by way of 0: all VFs are destroyed and made anew. The
        kernel does not ask whether a guest has one (vfio tells it nothing), so the guest would lose its NIC, or the
        write would hang until it lets go. This program refuses to do it: the change waits until the guests that hold
        VFs are off or have moved.

        Planning the number for the whole life of the host spares this: unused VFs cost little.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (wish?.Vfs is not { } wanted)
        {
            return [Skip(name, "no configuration says how many VFs are wanted")];
        }

        if (pf.VfCount.IsFailed)
        {
            return [Skip(name, $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount.Why}")];
        }

        int now = pf.VfCount.ValueOr(0);
        string evidence = $"{SysfsFile.Of(pf, "sriov_numvfs")}: {now}; {wish.Source["vfs"]}: vfs: {wanted}";
        if (now == wanted || now == 0)
        {
            return [Ok(name, evidence)];
        }

        VirtualFunction? held = pf.VirtualFunctions.FirstOrDefault(vf => vf.IsHeld);
        return held is null
            ? [Ok(name, $"{evidence}; nobody holds a VF")]
            :
            [
                Found(FindingStatus.Error, name, $"{wanted} VFs are wanted instead of {now}, and a VF is in use",
                    $"{evidence}; vf{held.Index}: "
                        + (held.Holder.IsKnown ? held.Holder.Value.Description : held.Holder.Why),
                    "the number changes only by way of 0, which takes every VF away from whoever holds it",
                    $"stop or move what holds VFs of {name} (ovs-offload inventory), then ovs-offload apply; or vfs: "
                        + $"{now} in the configuration"),
            ];
    }
}
