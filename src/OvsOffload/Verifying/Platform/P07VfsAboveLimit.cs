using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>More VFs are wanted than the firmware allows.</summary>
internal sealed class P07VfsAboveLimit : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P07",
        "vfs-above-limit",
        CheckSeverity.Error,
        "the configuration sets more VFs than the firmware allows",
        """
        The firmware limits how many VFs a PF can have (sriov_totalvfs). The kernel refuses a greater number with
        "Numerical result out of range" (ERANGE) and creates none. On NVIDIA cards the limit is NUM_OF_VFS, which takes
        effect after a cold reboot; on others it is fixed, such as 7 per port of an I350. A bond of both ports in
        hardware (VF-LAG) needs NUM_OF_VFS at 64 or less on older firmware.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_totalvfs");
        if (intent?.Vfs is not { } wanted)
        {
            return [Skip(name, "the configuration does not set vfs: for this PF")];
        }

        if (pf.VfLimit.IsFailed)
        {
            return [Skip(name, $"{file}: {pf.VfLimit.Why}")];
        }

        if (wanted > 0 && pf.VfLimit.ValueOr(0) == 0)
        {
            return [Skip(name, "the PF offers no VFs at all: see P06")];
        }

        int limit = pf.VfLimit.ValueOr(0);
        if (wanted <= limit)
        {
            return [Ok(name, $"{file}: {limit}; configuration: vfs: {wanted}")];
        }

        return
        [
            Found(
                FindingStatus.Error,
                name,
                $"the configuration sets vfs: {wanted}, but the firmware allows {limit}",
                $"{file}: {limit}; {intent.Source["vfs"]}: vfs: {wanted}",
                "the VF limit in the card's firmware is lower than vfs: in the configuration",
                $"set vfs: {limit} in the configuration; or mstconfig -d {name} set NUM_OF_VFS={wanted} (NVIDIA; "
                    + "mlxconfig with MFT) and do a cold reboot"),
        ];
    }
}
