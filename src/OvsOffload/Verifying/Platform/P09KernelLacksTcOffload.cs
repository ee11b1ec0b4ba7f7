using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The driver that runs has no tc offload: its VF representors cannot switch hw-tc-offload on.</summary>
internal sealed class P09KernelLacksTcOffload : FunctionCheck
{
    /// <summary>
    /// Options without which the kernel's own mlx5 driver has no tc offload
    /// (drivers/net/ethernet/mellanox/mlx5/core/Kconfig, MLX5_CLS_ACT, in 6.12).
    /// </summary>
    private static readonly string[] Needed = ["MLX5_ESWITCH", "MLX5_CLS_ACT", "NET_TC_SKB_EXT"];

    public override CheckInfo Info { get; } = new(
        "P09",
        "kernel-lacks-tc-offload",
        CheckSeverity.Error,
        "the driver does not support tc offload",
        """
        Open vSwitch passes flows to tc, and tc passes them to the NIC's driver, if the driver was built with tc
        offload. Without it VF representors do not offer hw-tc-offload: ethtool -k shows "off [fixed]", and it cannot be
        switched on. Every flow then stays in software, and nothing is logged.

        The kernel's own mlx5 driver needs CONFIG_MLX5_CLS_ACT, which since 6.x depends on CONFIG_NET_TC_SKB_EXT;
        Debian's kernels are built without the latter, so Debian 13 has no mlx5 offload. The drivers of MLNX_OFED and
        DOCA-Host are built separately and do not depend on the kernel's options. The check goes by the representors;
        the kernel's configuration only explains. The uplink proves nothing: it can have the feature for other reasons.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed || pf.Representors.IsFailed)
        {
            return [Skip(name, pf.Eswitch.IsFailed ? pf.Eswitch.Why : pf.Representors.Why)];
        }

        if (pf.Mode != EswitchMode.Switchdev)
        {
            return [BeforeSwitchdev(pf, intent, input)];
        }

        NetDevice[] devices =
        [
            .. pf.Representors.ValueOr([]).Where(port => port.VfIndex is not null).Select(port => port.Device)
                .OfType<NetDevice>(),
        ];
        NetDevice? read = devices.FirstOrDefault(device => !device.HwTcOffload.IsFailed);
        if (read is null)
        {
            return [Skip(name, devices.Length == 0
                ? "there is no VF representor to read hw-tc-offload from"
                : $"hw-tc-offload of {devices[0].Name}: {devices[0].HwTcOffload.Why}")];
        }

        NetDevice? without = devices.FirstOrDefault(LacksFeature);
        return without is null
            ? [Ok(name, $"ethtool -k {read.Name}: hw-tc-offload: {Word(read)}, not fixed")]
            : [Missing(pf, without, input)];
    }

    private static string Word(NetDevice device) => device.HwTcOffload.Value.On ? "on" : "off";

    /// <summary>Whether the driver offers the feature on this device neither on nor to be switched on.</summary>
    internal static bool LacksFeature(NetDevice device) =>
        device.HwTcOffload.IsAbsent
        || (device.HwTcOffload.IsKnown && device.HwTcOffload.Value is { On: false, Fixed: true });

    private Finding Missing(PhysicalFunction pf, NetDevice device, Observation input) => Found(
        input.ErrorIfOffloadExpected,
        pf.Address.ToString(),
        "the driver does not support tc offload, so no flow can be offloaded",
        $"ethtool -k {device.Name}: hw-tc-offload: {(device.HwTcOffload.IsAbsent ? "not offered" : "off [fixed]")}; "
            + Configuration(input),
        MissingOptions(pf, input) is { Length: > 0 } missing
            ? $"the kernel was built without {string.Join(", ", missing)}"
            : $"the loaded driver {pf.Driver ?? "(none)"} was built without tc offload",
        Fix(input));

    private Finding BeforeSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string[] missing = MissingOptions(pf, input);
        return intent?.Mode == NicMode.Switchdev && missing.Length > 0
            ? Found(
                FindingStatus.Info,
                name,
                "the kernel's own driver does not support tc offload; the vendor's may",
                Configuration(input),
                $"the kernel was built without {string.Join(", ", missing)}",
                Fix(input))
            : Skip(name, "not in switchdev mode, so there is no VF representor to read hw-tc-offload from");
    }

    private static string[] MissingOptions(PhysicalFunction pf, Observation input) =>
        pf.IsMlx5 && input.State.Kernel.Facts.Configuration.TryGet(out KernelConfiguration? options)
            ? [.. Needed.Where(name => !options.IsOn(name)).Select(name => $"CONFIG_{name}")]
            : [];

    private static string Configuration(Observation input) => input.State.Kernel.Facts.Configuration.Match(
        options => $"{options.Source}: " + string.Join(", ", Needed.Select(name =>
            options.IsOn(name) ? $"CONFIG_{name} is set" : $"CONFIG_{name} is not set")),
        why => $"kernel configuration: {why}",
        why => $"kernel configuration: {why}");

    private static string Fix(Observation input) => input.Distribution.Fix(
        debian: "Debian's kernels lack it: install DOCA-Host or MLNX_OFED drivers, or a kernel with "
            + "CONFIG_NET_TC_SKB_EXT and CONFIG_MLX5_CLS_ACT (Ubuntu: apt install linux-modules-extra-$(uname -r)); "
            + "reboot",
        rhel: "dnf install kernel-modules-extra, or install the drivers of DOCA-Host; reboot",
        proxmox: "install a current proxmox-kernel, or install the drivers of DOCA-Host; reboot");
}
