using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The host lacks modules of tc that offload uses.</summary>
internal sealed class P11TcModulesMissing : Check
{
    /// <summary>Without these no flow at all reaches tc (lib/netdev-offload-tc.c).</summary>
    private static readonly string[] Needed = ["cls_flower", "act_mirred", "sch_ingress"];

    /// <summary>What single kinds of flows use; act_ct has a check of its own, P10.</summary>
    private static readonly string[] Used =
        ["act_vlan", "act_tunnel_key", "act_pedit", "act_csum", "act_police"];

    public override CheckInfo Info { get; } = new(
        "P11",
        "tc-modules-missing",
        CheckSeverity.Error,
        "kernel modules for tc are missing",
        """
        Open vSwitch hands its flows to tc as flower filters with actions: redirect (act_mirred), VLAN (act_vlan),
        tunnels (act_tunnel_key), header rewriting (act_pedit, act_csum), conntrack (act_ct), policing (act_police).
        Each is a kernel module, used on an ingress qdisc (sch_ingress). Without cls_flower, act_mirred and sch_ingress
        no flow can be passed to tc; without one of the others the flows that need it stay in software.

        RHEL 8 and its derivatives have some of them in the package kernel-modules-extra, Ubuntu in linux-modules-extra.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        if (state.KnownFunctions.All(pf => pf.Mode != EswitchMode.Switchdev) && !input.OffloadExpected)
        {
            return [Skip(Objects.Kernel, "offload is not expected: " + input.OffloadReason)];
        }

        string files = $"/lib/modules/{state.Kernel.Facts.Release.ValueOrDefault()?.Text ?? "RELEASE"}";
        if (!state.Platform.TrafficControlModules.TryGet(out IReadOnlySet<string>? modules))
        {
            return [Skip(Objects.Kernel, $"{files}: {state.Platform.TrafficControlModules.Why}")];
        }

        string[] missing = [.. Needed.Concat(Used).Where(module => !modules.Contains(module))];
        return missing.Length == 0
            ? [Ok(Objects.Kernel, $"{files}/modules.dep: cls_flower and all actions found")]
            :
            [
                Found(
                    missing.Any(Needed.Contains) ? input.ErrorIfOffloadExpected : FindingStatus.Warning,
                    Objects.Kernel,
                    $"kernel modules are missing: {string.Join(", ", missing)}",
                    $"{files}/modules.dep and modules.builtin: no {string.Join(", ", missing)}",
                    "the kernel was built without them, or the package that contains them is not installed",
                    input.Distribution.Fix(
                        debian: "apt install linux-modules-extra-$(uname -r) on Ubuntu; on Debian a standard "
                            + "linux-image (not the cloud one)",
                        rhel: "dnf install kernel-modules-extra-$(uname -r)",
                        proxmox: "install the standard proxmox-kernel")),
            ];
    }
}
