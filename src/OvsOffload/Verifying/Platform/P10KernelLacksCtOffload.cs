using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Flows with connection tracking cannot be offloaded by this kernel.</summary>
internal sealed class P10KernelLacksCtOffload : Check
{
    /// <summary>What the driver says when it is asked all the same (mlx5/core/en/tc_ct.h, en_tc.c).</summary>
    private static readonly string[] Refusals = ["tc ct offload isn't enabled", "offload of ct action isn't available"];

    public override CheckInfo Info { get; } = new(
        "P10",
        "kernel-lacks-ct-offload",
        CheckSeverity.Error,
        "conntrack flows cannot be offloaded",
        """
        Security groups and stateful rules use Open vSwitch's ct action. To offload such flows the kernel needs act_ct
        and flow tables, and the driver CONFIG_MLX5_TC_CT. Without them flows with ct stay in software; other flows are
        still offloaded. Debian's kernels have no CONFIG_NET_TC_SKB_EXT and therefore no CONFIG_MLX5_TC_CT.

        It is an error if such flows were refused: the driver's message is in the kernel log or in ovs-vswitchd's log.
        The kernel's configuration alone is reported as info, because a host without stateful rules does not need it.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Kernel, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        PhysicalFunction? pf = input.State.KnownFunctions
            .FirstOrDefault(function => function.Mode == EswitchMode.Switchdev);
        if (pf is null)
        {
            PhysicalFunction? unread =
                input.State.KnownFunctions.FirstOrDefault(function => function.Eswitch.IsFailed);
            return [Skip(Objects.Kernel, unread is not null
                    ? $"cannot read the e-switch mode of {unread.Address}: {unread.Eswitch.Why}"
                    : "this host has no PF in switchdev mode")];
        }

        Reading<KernelConfiguration> configuration = input.State.Kernel.Facts.Configuration;
        string[] missing = ConntrackSupport.MissingFor(pf, input.State).ValueOr([]);
        string stated = configuration.Match(
            options => missing.Length == 0
                ? $"{options.Source}: every option is set"
                : $"{options.Source}: {string.Join(", ", missing)} not set",
            why => $"kernel configuration: {why}",
            why => $"kernel configuration: {why}");
        if (Refused(input) is { } words)
        {
            return [Found(input.ErrorIfOffloadExpected, Objects.Kernel, "conntrack flows were refused",
                $"{words}; {stated}",
                missing.Length > 0
                    ? $"the kernel was built without {string.Join(", ", missing)}"
                    : "the loaded driver was built without ct offload",
                Fix(input))];
        }

        if (!configuration.IsKnown)
        {
            return [Skip(Objects.Kernel, stated)];
        }

        return missing.Length == 0
            ? [Ok(Objects.Kernel, stated)]
            : [Found(FindingStatus.Info, Objects.Kernel, "flows with conntrack stay in software", stated,
                $"the kernel was built without {string.Join(", ", missing)}", Fix(input))];
    }

    /// <summary>The driver's refusal since the boot, with where it stands.</summary>
    private static string? Refused(Observation input) =>
        input.State.Kernel.Log.ValueOr([]).LastOrDefault(record => Mentions(record.Text)) is { } record
            ? $"kernel log: {record.Text}"
            : input.SwitchLines.LastOrDefault(line => Mentions(line.Message)) is { } line
                ? $"ovs-vswitchd.log: {line.Message}"
                : null;

    private static bool Mentions(string text) =>
        Refusals.AnyIn(text, StringComparison.OrdinalIgnoreCase);

    private static string Fix(Observation input) => input.Distribution.Fix(
        debian: "install the drivers of DOCA-Host or MLNX_OFED, or a kernel with these options; or disable security "
            + "groups (no stateful rules)",
        rhel: "dnf install kernel-modules-extra, or install the drivers of DOCA-Host; or disable security groups (no "
            + "stateful rules)",
        proxmox: "install a current proxmox-kernel or the drivers of DOCA-Host; or disable security groups");
}
