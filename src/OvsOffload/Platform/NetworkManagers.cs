using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A network device that a manager of the host's network has under its hands.</summary>
/// <param name="Manager"><c>NetworkManager</c>, <c>systemd-networkd</c>.</param>
/// <param name="DeviceIndex">The interface index.</param>
/// <param name="Evidence">The file that says so, with the line.</param>
internal sealed record ManagedDevice(string Manager, int DeviceIndex, string Evidence);

/// <summary>
/// Finds out which devices NetworkManager and systemd-networkd manage, from the state that they keep below
/// <c>/run</c>: what they do counts, not what their configuration seems to say.
/// </summary>
internal static class NetworkManagers
{
    /// <summary>Directory, manager, and the lines that mean "managed".</summary>
    private static readonly (string Directory, string Manager, string[] Lines)[] Kept =
    [
        // NetworkManager: src/core/nm-config.c, DEVICE_RUN_STATE_KEYFILE_KEY_DEVICE_MANAGED
        ("NetworkManager/devices", "NetworkManager", ["managed=true"]),

        // systemd-networkd: src/network/networkd-state-file.c, link_save
        ("systemd/netif/links", "systemd-networkd",
            ["ADMIN_STATE=configured", "ADMIN_STATE=configuring", "ADMIN_STATE=failed"]),
    ];

    /// <summary>The devices that are managed; none where neither runs.</summary>
    public static Reading<IReadOnlyList<ManagedDevice>> Read(HostPaths paths)
    {
        var found = new List<ManagedDevice>();
        foreach ((string? directory, string? manager, string[]? lines) in Kept)
        {
            string below = Path.Combine(paths.Run, directory);
            Reading<IReadOnlyList<string>> names = paths.Files.Names(below);
            if (names.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<ManagedDevice>>(names.Why);
            }

            foreach (string name in names.ValueOr([]))
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    continue;
                }

                Reading<string> state = paths.Files.Text(Path.Combine(below, name));
                if (state.IsFailed)
                {
                    return Reading.Failed<IReadOnlyList<ManagedDevice>>(state.Why);
                }

                if (state.ValueOr("").Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(lines.Contains)
                    is { } line)
                {
                    found.Add(new ManagedDevice(manager, index, $"/run/{directory}/{name}: {line}"));
                }
            }
        }

        return Reading.Known<IReadOnlyList<ManagedDevice>>(found);
    }
}
