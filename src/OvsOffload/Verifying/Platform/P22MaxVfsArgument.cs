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
        "VFs are asked for by an argument of the driver",
        """
        Old drivers made VFs by an option of their module: igb.max_vfs=7 on the kernel's command line or in a file below
        /etc/modprobe.d. Kernels since 3.8 have sriov_numvfs instead, and newer drivers have dropped the option. Where
        it still works it makes VFs at every boot, for all cards of that driver, before anybody else: a configuration
        that wants another number has to destroy them first.

        It is a warning where the configuration wants VFs of such a PF, else info.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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
                Found(wish?.Vfs is null ? FindingStatus.Info : FindingStatus.Warning, name,
                    $"{driver} is told to make VFs at boot", $"{found}; sriov_numvfs: {pf.VfCount}",
                    "the host was set up in the way of kernels before 3.8",
                    $"take {driver}.max_vfs out, {input.Distribution.RebuildInitramfs()}, and vfs: N in the "
                        + "configuration"),
            ];
    }
}
