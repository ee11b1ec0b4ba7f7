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
        "the kernel may be too old for offload",
        """
        A hardware feature also needs a driver that supports it. For mlx5, mainline added switchdev mode in 4.8,
        hardware bonds (VF-LAG) in 5.0, conntrack in 5.7. An older kernel has the feature only if the distribution
        backported it. RHEL and its derivatives backport on a large scale, so their version number proves nothing and
        the check is skipped.

        Only what is configured or in use counts: switchdev mode of this PF, and a bond over it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, Observation input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Kernel.Facts.Release.TryGet(out KernelRelease? release))
        {
            return [Skip(name, $"/proc/sys/kernel/osrelease: {input.State.Kernel.Facts.Release.Why}")];
        }

        bool switchdev = wish?.Mode == NicMode.Switchdev || pf.Mode == EswitchMode.Switchdev;
        if (!switchdev)
        {
            return [Skip(name, "switchdev mode is not configured")];
        }

        NicFeature[] wanted = UplinkBond.Of(pf, input) is null
            ? [NicFeature.Flower]
            : [NicFeature.Flower, NicFeature.VfLag];
        IReadOnlyDictionary<NicFeature, KernelVersion> since = pf.Model.Generation.Driver.Since;
        NicFeature[] dated = [.. wanted.Where(since.ContainsKey)];
        if (release.IsEnterpriseBackport || dated.Length == 0)
        {
            return [Skip(name, release.IsEnterpriseBackport
                ? $"kernel {release} contains backported features, so its version proves nothing"
                : $"the kernel version that added it to driver {pf.Driver ?? "(none)"} is not known")];
        }

        NicFeature[] later = [.. dated.Where(one => !release.IsAtLeast(since[one].Major, since[one].Minor))];
        string needed = string.Join(", ", dated.Select(one => $"{Word(one)} since {since[one]}"));
        return later.Length == 0
            ? [Ok(name, $"uname -r: {release}; {needed}")]
            :
            [
                Found(FindingStatus.Warning, name, $"kernel {release} may lack {string.Join(", ", later.Select(Word))}",
                    $"uname -r: {release}; {needed}",
                    "the kernel is older than the mainline version that added it",
                    input.Distribution.Fix(
                        debian: "install a newer kernel: from backports on Debian, linux-generic-hwe-VERSION on Ubuntu",
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
