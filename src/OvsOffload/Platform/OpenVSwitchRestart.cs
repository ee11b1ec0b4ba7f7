using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>What of the host decides how Open vSwitch is restarted.</summary>
/// <param name="IsSystemdRunning">/run/systemd/system is there (sd_booted(3)).</param>
/// <param name="Units">Those of <see cref="OpenVSwitchRestart.KnownUnits"/> that are installed and not masked.</param>
/// <param name="HasControlScript">/usr/share/openvswitch/scripts/ovs-ctl is there.</param>
internal sealed record ServiceFacts(bool IsSystemdRunning, IReadOnlyList<string> Units, bool HasControlScript)
{
    /// <summary>Where unit files live, by precedence (systemd.unit(5)); a link to /dev/null in an earlier one masks the
    /// later.</summary>
    public static readonly IReadOnlyList<string> UnitDirectories =
        ["etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];

    public static ServiceFacts Read(HostPaths paths) => new(
        paths.Files.IsDirectory(Path.Combine(paths.Run, "systemd/system")),
        [.. OpenVSwitchRestart.KnownUnits.Where(unit => IsInstalled(paths, unit))],
        paths.Files.Bytes(Path.Combine(paths.Root, OpenVSwitchRestart.ControlScript.TrimStart('/'))).IsKnown);

    /// <summary>Whether systemd has a unit, and it is not masked.</summary>
    public static bool IsInstalled(HostPaths paths, string unit)
    {
        foreach (string directory in UnitDirectories)
        {
            string file = Path.Combine(paths.Root, directory, unit + ".service");
            if (paths.Files.Link(file).TryGet(out string? target))
            {
                return target != "/dev/null";
            }
            if (!paths.Files.Bytes(file).IsAbsent)
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>Decides which command restarts Open vSwitch on a host. Pure; the command is run elsewhere.</summary>
internal static class OpenVSwitchRestart
{
    public const string ControlScript = "/usr/share/openvswitch/scripts/ovs-ctl";

    /// <summary>By preference: Debian's and Ubuntu's unit, that of RHEL and SUSE, and the daemon's own.</summary>
    public static readonly IReadOnlyList<string> KnownUnits = ["openvswitch-switch", "openvswitch", "ovs-vswitchd"];

    /// <summary>The argument vector; absent with the reason when the host offers no way.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="configured">The operator's own command; it wins unless it is empty.</param>
    public static Reading<IReadOnlyList<string>> Command(ServiceFacts facts, IReadOnlyList<string> configured)
    {
        if (configured.Count > 0)
        {
            return Reading.Known(configured);
        }
        if (facts.IsSystemdRunning && facts.Units.Count > 0)
        {
            // Its reload, where the unit has one, restarts both daemons and saves what a restart loses: OpenFlow rules
            // that no controller writes again.
            return Reading.Known<IReadOnlyList<string>>(
                ["systemctl", "reload-or-restart", $"{facts.Units[0]}.service"]);
        }
        if (facts.HasControlScript)
        {
            // The database keeps running: only ovs-vswitchd reads hw-offload, and its clients need not reconnect.
            return Reading.Known<IReadOnlyList<string>>([ControlScript, "--no-ovsdb-server", "restart"]);
        }
        return Reading.Absent<IReadOnlyList<string>>(facts.IsSystemdRunning
            ? $"no unit {string.Join(", ", KnownUnits)} and no {ControlScript}; set openvswitch.restart-command"
            : $"systemd is not running and there is no {ControlScript}; set openvswitch.restart-command");
    }
}
