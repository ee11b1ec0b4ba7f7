using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The VFs of an InfiniBand port cannot be listed.</summary>
internal sealed class N28InfinibandVfDump : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N28",
        "infiniband-vf-dump",
        CheckSeverity.Error,
        "ip cannot list the VFs of an InfiniBand port",
        """
        On an InfiniBand port with VFs the plain ip command fails with "Error: Buffer too small for object. Dump
        terminated": the VFs' long addresses do not fit what it and the kernel expect. ip of mlnx-iproute2 copes. This
        program asks with its own buffers, and for the VFs of one port at a time; when even that fails, the VFs'
        settings cannot be read.

        An InfiniBand port takes no part in the offload of Open vSwitch.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (pf.PortType != PortType.Infiniband)
        {
            return [Skip(name, "it is no InfiniBand port")];
        }

        VirtualFunction? unread = pf.VirtualFunctions.FirstOrDefault(vf => vf.Settings.IsFailed);
        return
        [
            unread switch
            {
                null when pf.VirtualFunctions.IsEmpty => Ok(name, "InfiniBand, without VFs"),
                null => Found(FindingStatus.Info, name, $"{Info.Title}; this program can",
                    $"devlink port show: type ib; sriov_numvfs: {pf.VfCount}",
                    "the plain ip command does not expect the long addresses of InfiniBand VFs", Remedy),
                { Settings.Why: var why } when why.Contains("EMSGSIZE", StringComparison.Ordinal) =>
                    Found(FindingStatus.Error, name, "the settings of its VFs cannot be read",
                        $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {why}",
                        "the answer of the kernel does not fit its own buffer", Remedy),
                _ => Skip(name, $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {unread.Settings.Why}"),
            },
        ];
    }

    private const string Remedy = "ip of mlnx-iproute2 (in MLNX_OFED and DOCA-Host) for this port, or fewer VFs on it";
}
