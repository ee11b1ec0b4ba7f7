using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A device that ifupdown is told to bring up (interfaces(5)).</summary>
/// <param name="File">The file, as the host names it.</param>
/// <param name="Line">The line that names it.</param>
/// <param name="Device">The device.</param>
internal sealed record InterfacesEntry(string File, string Line, string Device);

/// <summary>Reads the devices that ifupdown and ifupdown2 are told of.</summary>
internal static class InterfacesFile
{
    private const string Main = "/etc/network/interfaces", Further = "/etc/network/interfaces.d";

    /// <summary>The entries of all files; none where ifupdown is not in use.</summary>
    public static Reading<IReadOnlyList<InterfacesEntry>> Read(HostPaths paths)
    {
        Reading<IReadOnlyList<string>> names = paths.Files.Names(Path.Combine(paths.Root, Further[1..]));
        if (names.IsFailed)
        {
            return Reading.Failed<IReadOnlyList<InterfacesEntry>>(names.Why);
        }

        var found = new List<InterfacesEntry>();
        foreach (string file in names.ValueOr([]).Select(name => $"{Further}/{name}").Prepend(Main))
        {
            Reading<string> text = paths.Files.LooseText(Path.Combine(paths.Root, file[1..]));
            if (text.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<InterfacesEntry>>(text.Why);
            }

            found.AddRange(Parse(file, text.ValueOr("")));
        }

        return Reading.Known<IReadOnlyList<InterfacesEntry>>(found);
    }

    /// <summary>The devices of lines <c>auto A B</c>, <c>allow-hotplug A</c> and <c>iface A inet ..</c>.</summary>
    public static IEnumerable<InterfacesEntry> Parse(string file, string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            IEnumerable<string> devices = words switch
            {
                ["auto" or "allow-hotplug" or "allow-auto", .. var all] => all,
                ["iface", var device, ..] => [device],
                _ => [],
            };
            foreach (string device in devices)
            {
                yield return new InterfacesEntry(file, line, device);
            }
        }
    }
}
