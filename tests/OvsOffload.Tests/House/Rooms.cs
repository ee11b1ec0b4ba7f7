namespace OvsOffload.Tests.House;

/// <summary>The rooms that there are, and the floor that each is on.</summary>
internal static class Rooms
{
    private const string Library = "src/OvsOffload/", Program = "src/OvsOffload.Cli/";

    /// <summary>From the ground upwards.</summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("Os", 0, "the one process runner, the one file of libc imports, files, locks"),
        new("Platform", 1, "the distribution, the kernel, and what is known of other programs"),
        new("Netlink", 1, "devlink, links, addresses, routes, tc, ethtool"),
        new("Sysfs", 1, "PCI, bonding, mlx5's debugfs, holders of VFs"),
        new("OpenVSwitch", 1, "OVSDB and unixctl"),
        new("Nics", 1, "models and generations of NICs, as data (nic-models.yaml)"),
        new("Intent", 2, "config.yaml, bond profiles, Cloudpods' and Neutron's files"),
        new("Flows", 2, "dumps read as a stream, counted, and why a flow is not offloaded"),
        new("Host", 3, "one immutable snapshot of the host, its readers and records"),
        new("Planning", 4, "the steps from the host to the intent (pure)"),
        new("Verifying", 5, "the checks, one file each (pure)"),
        new("Applying", 5, "runs steps, undoes what fails, journal"),
        new("Metrics", 6, "families and collectors"),
        new("Status", 6, "what status and inventory show"),
        new("Bundles", 6, "answers recorded, masked, read again"),
        new("Page", 7, "the status page (pure)"),
        new("Top", 7, "live rates of every representor"),
        new("Service", 7, "the reconcile loop, what wakes it, the HTTP server"),
        new("Cli", 8, "the program: one file a command"),
    ];

    /// <summary>The room of a source file; null where there is none of that name.</summary>
    /// <param name="file">From the project's root, as in <c>src/OvsOffload/Os/Errno.cs</c>.</param>
    public static Room? Of(string file) => Find(
        file.StartsWith(Program, StringComparison.Ordinal) ? "Cli"
        : file.StartsWith(Library, StringComparison.Ordinal) ? file[Library.Length..].Split('/')[0]
        : "");

    /// <summary>The room of a name; null where there is none.</summary>
    public static Room? Find(string name) => All.FirstOrDefault(room => room.Name == name);
}
