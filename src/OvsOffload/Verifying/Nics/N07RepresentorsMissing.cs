using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>There are VFs without a representor.</summary>
internal sealed class N07RepresentorsMissing : RepresentorCheck
{
    /// <summary>So many are named one by one.</summary>
    private const int Named = 8;

    public override CheckInfo Info { get; } = new(
        "N07",
        "representors-missing",
        CheckSeverity.Error,
        "VFs have no representor",
        """
        In switchdev mode every VF has a representor on the host: a devlink port of flavour pcivf, and a network device.
        It comes a moment after the VF. A VF whose representor never came cannot be plugged into Open vSwitch; its
        traffic goes nowhere. Causes are an error of the driver or firmware when the VF was made (see the kernel's log),
        and somebody who moved the representor into another network namespace: then the port is there and the device is
        not.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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
            return [Skip(name, "it has no VFs")];
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
                    ? "the ports are there and their devices are not: somebody moved them into another network "
                        + "namespace"
                    : "the driver or firmware failed to make them, or the VFs have only just been made",
                $"look for errors of {name} in the kernel's log (journalctl -k); then make the VFs anew: echo 0, then "
                    + $"{vfs}, into {file} (guests must let go of them first)"),
        ];
    }

    private static string List(int[] vfs) => string.Join(", ", vfs.Take(Named).Select(vf => $"vf{vf}"))
        + (vfs.Length > Named ? $" and {vfs.Length - Named} more" : "");
}
