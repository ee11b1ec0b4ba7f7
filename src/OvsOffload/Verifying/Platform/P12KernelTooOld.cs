using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
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
        hardware bonds (VF-LAG) in 5.0, conntrack in 5.7, tunnels with their end on an internal port in 5.16, checks of
        the packet length (police mtu) in 6.3. An older kernel has the feature only if the distribution backported it.
        RHEL and its derivatives backport on a large scale, so their version number proves nothing and the check is
        skipped.

        Only what is configured or in use counts, and what the NIC can do: switchdev mode of this PF, a bond over it, a
        tunnel of Open vSwitch whose local address is on an internal port, OpenFlow rules with check_pkt_larger.
        """);

    public override ObservationParts Needs => ObservationParts.OpenFlow;

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Kernel.Facts.Release.TryGet(out KernelRelease? release))
        {
            return [Skip(name, $"/proc/sys/kernel/osrelease: {input.State.Kernel.Facts.Release.Why}")];
        }

        bool switchdev = intent?.Mode == NicMode.Switchdev || pf.Mode == EswitchMode.Switchdev;
        if (!switchdev)
        {
            return [Skip(name, "switchdev mode is not configured")];
        }

        NicFeature[] wanted = [.. Wanted(pf, input)];
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
        if (later.Length == 0 && Unread(pf, input) is { } unread)
        {
            return [Skip(name, $"uname -r: {release}; {unread}")];
        }

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

    /// <summary>What of the features that kernels brought is in use here; what the NIC cannot do, others say.</summary>
    private static IEnumerable<NicFeature> Wanted(PhysicalFunction pf, Observation input)
    {
        yield return NicFeature.Flower;
        if (UplinkBond.Of(pf, input) is not null)
        {
            yield return NicFeature.VfLag;
        }

        if (pf.Model[NicFeature.TunnelOnInternalPort] == SupportLevel.Full
            && input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database)
            && Tunnels.Of(input.State).Any(tunnel => Tunnels.OuterDevice(tunnel, input.State) is { } outer
                && Tunnels.IsInternalPort(outer, database)))
        {
            yield return NicFeature.TunnelOnInternalPort;
        }

        if (pf.Model[NicFeature.PoliceMtu] == SupportLevel.Full
            && input.OpenFlow.ValueOr([]).Any(rules => rules.LengthChecks > 0))
        {
            yield return NicFeature.PoliceMtu;
        }
    }

    /// <summary>What could not be read, and may use a feature that this kernel may lack; null where that is
    /// nothing.</summary>
    private static string? Unread(PhysicalFunction pf, Observation input)
    {
        if (input.State.OpenVSwitch.Database.IsFailed && Lacks(NicFeature.TunnelOnInternalPort))
        {
            return $"cannot read the Open vSwitch database: {input.State.OpenVSwitch.Database.Why}";
        }

        return input.OpenFlow.IsFailed && Lacks(NicFeature.PoliceMtu)
            ? $"bridge/dump-flows: {input.OpenFlow.Why}"
            : null;

        bool Lacks(NicFeature feature) =>
            pf.Model[feature] == SupportLevel.Full && input.State.Kernel.Predates(pf.Model, feature) == true;
    }

    private static string Word(NicFeature feature) => feature switch
    {
        NicFeature.VfLag => "VF-LAG",
        NicFeature.TunnelOnInternalPort => "offload of tunnels on internal ports",
        NicFeature.PoliceMtu => "offload of packet length checks (police mtu)",
        _ => "flow offload",
    };
}
