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
        terminated": the VFs' long addresses exceed the expected message size. ip from mlnx-iproute2 works. ovs-offload
        uses larger buffers and asks for one port at a time; if even that fails, the VFs' settings cannot be read.

        An InfiniBand port is not used for Open vSwitch offload.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.PortType != PortType.Infiniband)
        {
            return [Skip(name, "not an InfiniBand port")];
        }

        VirtualFunction? unread = pf.VirtualFunctions.FirstOrDefault(vf => vf.Settings.IsFailed);
        return
        [
            unread switch
            {
                null when pf.VirtualFunctions.IsEmpty => Ok(name, "InfiniBand, without VFs"),
                null => Found(FindingStatus.Info, name, $"{Info.Title}; ovs-offload can",
                    $"devlink port show: type ib; sriov_numvfs: {pf.VfCount}",
                    "the plain ip command does not support the long addresses of InfiniBand VFs", Fix),
                { Settings.Why: var why } when why.Contains("EMSGSIZE", StringComparison.Ordinal) =>
                    Found(FindingStatus.Error, name, "the VFs' settings cannot be read",
                        $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {why}",
                        "the kernel's answer exceeds the kernel's own buffer", Fix),
                _ => Skip(name, $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {unread.Settings.Why}"),
            },
        ];
    }

    private const string Fix = "use ip from mlnx-iproute2 (in MLNX_OFED and DOCA-Host) for this port, or fewer VFs";
}
