using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>There are VFs without a representor.</summary>
internal sealed class N07RepresentorsMissing : RepresentorCheck
{
    /// <summary>So many are named one by one.</summary>
    private const int MaxNamed = 8;

    public override CheckInfo Info { get; } = new(
        "N07",
        "representors-missing",
        CheckSeverity.Error,
        "VFs have no representor",
        """
        In switchdev mode every VF has a representor on the host: a devlink port of flavour pcivf, and a network device.
        It appears shortly after the VF. A VF without a representor cannot be added to Open vSwitch and has no
        connectivity. Causes are an error of the driver or firmware when the VF was created (see the kernel log), or a
        representor that was moved into another network namespace: then the port exists and the device does not.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_numvfs");
        if (pf.VfCount.IsFailed)
        {
            return [Skip(name, $"{file}: {pf.VfCount.Why}")];
        }

        int vfs = pf.VfCount.ValueOr(0);
        if (vfs <= 0)
        {
            return [Skip(name, "the PF has no VFs")];
        }

        int[] missing = [.. Enumerable.Range(0, vfs).Where(vf => pf.RepresentorOf(vf)?.Device is null)];
        if (missing.Length == 0)
        {
            return [Ok(name, $"{file}: {vfs}; representors: {vfs}")];
        }

        int[] withPort = [.. missing.Where(vf => pf.RepresentorOf(vf) is not null)];
        return
        [
            Found(
                FindingStatus.Error,
                name,
                $"{missing.Length} of {vfs} VFs have no representor",
                $"{file}: {vfs}; devlink port show: no {(withPort.Length == missing.Length ? "netdev" : "port")} for "
                    + $"{List(missing)}",
                withPort.Length == missing.Length
                    ? "the devlink ports exist but their devices do not: they were moved into another network namespace"
                    : "the driver or firmware failed to create them, or the VFs were only just created",
                $"look for errors of {name} in the kernel log (journalctl -k); then recreate the VFs: echo 0, then "
                    + $"{vfs}, into {file} (detach them from guests first)"),
        ];
    }

    private static string List(int[] vfs) => string.Join(", ", vfs.Take(MaxNamed).Select(vf => $"vf{vf}"))
        + (vfs.Length > MaxNamed ? $" and {vfs.Length - MaxNamed} more" : "");
}
