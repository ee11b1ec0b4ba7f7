using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The kernel is older than the one that brought a feature that is wanted.</summary>
internal sealed class P12KernelTooOld : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P12",
        "kernel-too-old",
        CheckSeverity.Warning,
        "the kernel is too old for what is wanted",
        """
        What a NIC can do in hardware also needs a driver that knows how to ask for it. For mlx5 mainline brought
        switchdev mode with 4.8, hardware bonds (VF-LAG) with 5.0, conntrack with 5.7. A kernel below that number has
        the feature only if its distribution carried it back. RHEL and its kin do that on a large scale, so on them the
        number proves nothing and the check is skipped.

        Only what is wanted counts: switchdev mode of this PF, and a bond over it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Kernel.Facts.Release.TryGet(out KernelRelease? release))
        {
            return [Skip(name, $"/proc/sys/kernel/osrelease: {input.State.Kernel.Facts.Release.Why}")];
        }

        bool switchdev = wish?.Mode == NicMode.Switchdev || pf.Mode == EswitchMode.Switchdev;
        if (!switchdev)
        {
            return [Skip(name, "switchdev mode is not wanted of it")];
        }

        NicFeature[] wanted = UplinkBond.Of(pf, input) is null
            ? [NicFeature.Flower]
            : [NicFeature.Flower, NicFeature.VfLag];
        var since = pf.Model.Generation.Driver.Since;
        NicFeature[] dated = [.. wanted.Where(since.ContainsKey)];
        if (release.IsEnterpriseBackport || dated.Length == 0)
        {
            return [Skip(name, release.IsEnterpriseBackport
                ? $"kernel {release} carries features of later ones, so its number proves nothing"
                : $"it is not known which kernel brought it to driver {pf.Driver ?? "(none)"}")];
        }

        NicFeature[] later = [.. dated.Where(one => !release.IsAtLeast(since[one].Major, since[one].Minor))];
        string needed = string.Join(", ", dated.Select(one => $"{Word(one)} since {since[one]}"));
        return later.Length == 0
            ? [Ok(name, $"uname -r: {release}; {needed}")]
            :
            [
                Found(FindingStatus.Warning, name, $"kernel {release} may lack {string.Join(", ", later.Select(Word))}",
                    $"uname -r: {release}; {needed}",
                    "the kernel is older than the mainline one that brought it",
                    input.Distribution.Fix(
                        debian: "a newer kernel: from backports on Debian, linux-generic-hwe-VERSION on Ubuntu",
                        rhel: "dnf upgrade kernel, or a newer release of the distribution",
                        proxmox: "apt full-upgrade to the current proxmox-kernel")),
            ];
    }

    private static string Word(NicFeature feature) => feature switch
    {
        NicFeature.VfLag => "VF-LAG",
        _ => "flow offload",
    };
}
