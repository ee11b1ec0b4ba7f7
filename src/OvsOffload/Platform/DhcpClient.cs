using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A DHCP client that runs.</summary>
/// <param name="Program">Its name: <c>dhclient</c>.</param>
/// <param name="Process">Its process.</param>
/// <param name="Words">The words of its command line; dhcpcd writes the device's name there while it runs.</param>
internal sealed record DhcpClient(string Program, int Process, ImmutableArray<string> Words)
{
    private static readonly ImmutableArray<string> Programs = ["dhclient", "dhcpcd", "udhcpc", "udhcpc6", "dhcp6c"];

    /// <summary>
    /// Whether it serves a device: one that its command line names, and any when it names none. BusyBox's serves eth0
    /// then.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="devices">The names of all devices.</param>
    public bool Serves(string device, IReadOnlySet<string> devices)
    {
        string[] named = [.. Words.Where(devices.Contains)];
        return named.Length > 0 ? named.Contains(device)
            : !Program.StartsWith("udhcpc", StringComparison.Ordinal) || device == "eth0";
    }

    /// <summary>Those that run; failed when the processes cannot be listed.</summary>
    public static Reading<ImmutableArray<DhcpClient>> Read(HostPaths paths) =>
        paths.Files.Names(paths.Proc).Map<ImmutableArray<DhcpClient>>(names =>
        [
            .. names.Select(name => Of(paths, name)).OfType<DhcpClient>().OrderBy(client => client.Process),
        ]);

    private static DhcpClient? Of(HostPaths paths, string name)
    {
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
        {
            return null;
        }

        // A process that ends meanwhile is none.
        string program = paths.Files.Text(Path.Combine(paths.Proc, name, "comm")).ValueOr("").Trim();
        return !Programs.Contains(program)
            ? null
            : new DhcpClient(program, process,
            [
                .. paths.Files.Text(Path.Combine(paths.Proc, name, "cmdline")).ValueOr("")
                    .Split(['\0', ' ', ':'], StringSplitOptions.RemoveEmptyEntries),
            ]);
    }
}
