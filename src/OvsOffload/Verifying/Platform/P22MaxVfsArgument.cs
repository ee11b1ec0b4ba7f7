using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>VFs are asked for by an argument of the driver as well.</summary>
internal sealed class P22MaxVfsArgument : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P22",
        "max-vfs-argument",
        CheckSeverity.Warning,
        "VFs are created by a driver argument (max_vfs)",
        """
        Old drivers created VFs through a module option: igb.max_vfs=7 on the kernel command line or in a file below
        /etc/modprobe.d. Kernels since 3.8 have sriov_numvfs instead, and newer drivers have dropped the option. Where
        it still works it creates VFs at every boot, for all cards of that driver, before anything else: a configuration
        with another number has to destroy them first.

        It is a warning if the configuration sets vfs: for such a PF, otherwise info.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Kernel.Facts.CommandLine.TryGet(out KernelCommandLine? line))
        {
            return [Skip(name, $"/proc/cmdline: {input.State.Kernel.Facts.CommandLine.Why}")];
        }

        if (!input.State.Platform.ModuleOptions.TryGet(out IReadOnlyList<ModuleOption>? options))
        {
            return [Skip(name, $"/etc/modprobe.d: {input.State.Platform.ModuleOptions.Why}")];
        }

        string driver = pf.Driver ?? pf.Model.Generation.Driver.Name;
        string? found = line.ValueOf($"{driver}.max_vfs") is { } argument
            ? $"/proc/cmdline: {driver}.max_vfs={argument}"
            : options.FirstOrDefault(option => option.Module == driver && option.ValueOf("max_vfs") is not null)
                is { } option
                ? $"{option.File}: options {driver} {Objects.OneLine(option.Text)}"
                : null;
        return found is null
            ? [Ok(name, $"/proc/cmdline and /etc/modprobe.d: no {driver}.max_vfs")]
            :
            [
                Found(intent?.Vfs is null ? FindingStatus.Info : FindingStatus.Warning, name,
                    $"{driver}.max_vfs creates VFs at boot", $"{found}; sriov_numvfs: {pf.VfCount}",
                    "max_vfs is set, as kernels before 3.8 needed it",
                    $"remove {driver}.max_vfs, run {input.Distribution.RebuildInitramfs()}, and set vfs: N in the "
                        + "configuration"),
            ];
    }
}
