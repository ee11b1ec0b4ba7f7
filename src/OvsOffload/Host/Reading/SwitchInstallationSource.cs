using System.Collections.Immutable;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>
/// Looks for what an installed Open vSwitch leaves on a host, so that one that is dead is not taken for one that is not
/// there. Nothing is asked of the daemons.
/// </summary>
internal sealed class SwitchInstallationSource(HostPaths paths, OvsdbOptions database, UnixctlOptions daemon)
{
    private const string DatabaseUnit = "ovsdb-server", DaemonUnit = "ovs-vswitchd";

    /// <summary>Where packages, and Open vSwitch's own make install, put the daemon; and their databases.</summary>
    private static readonly string[] Files =
    [
        "/usr/sbin/ovs-vswitchd", "/usr/local/sbin/ovs-vswitchd", "/etc/openvswitch/conf.db",
        "/var/lib/openvswitch/conf.db", "/usr/local/etc/openvswitch/conf.db",
    ];

    /// <summary>Control groups of system units, of cgroup v2 and v1, below <c>/sys</c>.</summary>
    private static readonly string[] Slices = ["fs/cgroup/system.slice", "fs/cgroup/systemd/system.slice"];

    private static readonly string[] RunDirectories = ["/run/openvswitch", "/var/run/openvswitch"];

    private bool HasSocket => !HostFile.IsAbsent(database.SocketPath);

    /// <summary>Absent: nothing on this host shows an Open vSwitch.</summary>
    public Reading<SwitchInstallation> Read(Reading<ImmutableArray<NetDevice>> devices)
    {
        string[] signs =
        [
            .. Files.Where(file => IsThere(At(file))),
            .. OpenVSwitchRestart.KnownUnits.Append(DatabaseUnit)
                .Where(unit => ServiceFacts.IsInstalled(paths, unit)).Select(unit => $"{unit}.service"),
            .. PidFiles(DatabaseUnit).Concat(PidFiles(DaemonUnit)).Where(IsThere).Select(Shown),
            .. devices.ValueOr([]).Where(device => device.Kind == SwitchPorts.KernelKind)
                .Select(device => $"device {device.Name}").Take(1),
            .. database.Recorded is null && HasSocket ? [database.SocketPath] : Array.Empty<string>(),
        ];
        return signs.Length == 0
            ? Reading.Absent<SwitchInstallation>("no file, unit or device of Open vSwitch")
            : Reading.Known(new SwitchInstallation(
                [.. signs],
                (database.Recorded is null
                    ? $"{(HasSocket ? "socket" : "no socket")} {database.SocketPath}; "
                    : "") + Of(DatabaseUnit),
                Of(DaemonUnit)));
    }

    /// <summary>What is there of a daemon: its pid file, whether the process lives, its unit.</summary>
    private string Of(string name)
    {
        string pid = PidFiles(name).Select(Pid).FirstOrDefault(found => found is not null)
            ?? $"no pid file {Shown(PidFiles(name).First())}";
        return Unit(name) is { } unit ? $"{pid}; {unit}" : pid;
    }

    /// <summary>What a pid file says; null where there is none.</summary>
    private string? Pid(string file)
    {
        Reading<int> pid = paths.Files.Number<int>(file);
        return pid.Match<string?>(
            process => $"{Shown(file)}: {process}, "
                + (paths.Files.IsDirectory(Path.Combine(paths.Proc, $"{process}")) ? "running" : "no such process"),
            _ => null,
            why => why);
    }

    /// <summary>
    /// Whether systemd runs a unit, by its control group, which is there just as long; null without the unit, or
    /// without systemd's groups.
    /// </summary>
    private string? Unit(string name)
    {
        string? slice = Slices.Select(directory => Path.Combine(paths.Sys, directory))
            .FirstOrDefault(paths.Files.IsDirectory);
        return slice is null || !ServiceFacts.IsInstalled(paths, name)
            ? null
            : $"unit {name}.service: "
                + (paths.Files.IsDirectory(Path.Combine(slice, $"{name}.service")) ? "running" : "not running");
    }

    private IEnumerable<string> PidFiles(string name) =>
        (daemon.RunDirectory is { } own ? [own] : RunDirectories).Select(directory => At($"{directory}/{name}.pid"));

    /// <summary>One byte is enough to see that a file is there.</summary>
    private bool IsThere(string path) => paths.Files.Tail(path, 1).IsKnown;

    private string At(string path) => Path.Combine(paths.Root, path.TrimStart('/'));

    private string Shown(string path) => "/" + Path.GetRelativePath(paths.Root, path);
}
