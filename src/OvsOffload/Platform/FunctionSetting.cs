using System.Text.RegularExpressions;
using OvsOffload.Os;
using YamlDotNet.RepresentationModel;

namespace OvsOffload.Platform;

/// <summary>A line of another program's configuration that makes VFs or sets the mode of an e-switch.</summary>
/// <param name="Program">Who acts on it: <c>netplan</c>, <c>NetworkManager</c>, <c>udev</c>, ..</param>
/// <param name="File">The file, as the host names it.</param>
/// <param name="Line">The setting: <c>virtual-function-count: 8</c>.</param>
/// <param name="Device">The network device or PCI address that it is for.</param>
internal sealed record FunctionSetting(string Program, string File, string Line, string Device);

/// <summary>
/// Finds out who else is told to manage PFs: netplan, NetworkManager, systemd's .link files, ifupdown, udev rules and
/// start scripts, the SR-IOV agent of Neutron, the host agent of Cloudpods.
/// </summary>
internal static partial class FunctionSettings
{
    /// <summary>Directories, how their files end, and who reads them.</summary>
    private static readonly (string Directory, string Ending, string Program)[] Directories =
    [
        ("/etc/netplan", ".yaml", "netplan"),
        ("/etc/NetworkManager/system-connections", ".nmconnection", "NetworkManager"),
        ("/etc/systemd/network", ".link", "udev (systemd.link)"),
        ("/etc/udev/rules.d", ".rules", "udev"),
        ("/etc/tmpfiles.d", ".conf", "systemd-tmpfiles"),
        ("/etc/systemd/system", ".service", "systemd"),
        ("/etc/network/interfaces.d", "", "ifupdown"),
    ];

    /// <summary>Single files, and who reads them.</summary>
    private static readonly (string File, string Program)[] Files =
    [
        ("/etc/network/interfaces", "ifupdown"),
        ("/etc/rc.local", "rc.local"),
        ("/etc/sysfs.conf", "sysfsutils"),
        ("/etc/neutron/plugins/ml2/sriov_agent.ini", "neutron-sriov-nic-agent"),
        ("/etc/yunion/host.conf", "the host agent of Cloudpods"),
    ];

    /// <summary>The settings of all; none where no program has any.</summary>
    public static Reading<IReadOnlyList<FunctionSetting>> Read(HostPaths paths)
    {
        var found = new List<FunctionSetting>();
        foreach ((string directory, string ending, string program) in Directories)
        {
            Reading<IReadOnlyList<string>> names = paths.Files.Names(Path.Combine(paths.Root, directory[1..]));
            if (names.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<FunctionSetting>>(names.Why);
            }

            foreach (string name in names.ValueOr([]).Where(name => name.EndsWith(ending, StringComparison.Ordinal)))
            {
                if (Add(paths, $"{directory}/{name}", program, found) is { } why)
                {
                    return Reading.Failed<IReadOnlyList<FunctionSetting>>(why);
                }
            }
        }

        foreach ((string file, string program) in Files)
        {
            if (Add(paths, file, program, found) is { } why)
            {
                return Reading.Failed<IReadOnlyList<FunctionSetting>>(why);
            }
        }

        return Reading.Known<IReadOnlyList<FunctionSetting>>(found);
    }

    /// <summary>
    /// Whether a file holds much that is none of our business, such as keys of wireless networks, so that of it only
    /// lines that <see cref="IsRelevant"/> are to be shown to others.
    /// </summary>
    public static bool HoldsOtherSettings(string file) => !file.StartsWith("/etc/netplan/", StringComparison.Ordinal)
        && (Files.Any(one => one.File == file)
            || Directories.Any(one => file.StartsWith(one.Directory + "/", StringComparison.Ordinal)))
        && !file.StartsWith("/etc/network/", StringComparison.Ordinal);

    /// <summary>Whether <see cref="Parse"/> looks at a line.</summary>
    public static bool IsRelevant(string line) => RelevantLine().IsMatch(line);

    /// <summary>The settings of one file.</summary>
    public static IReadOnlyList<FunctionSetting> Parse(string program, string file, string text) => program switch
    {
        "netplan" => [.. Netplan(file, text)],
        "NetworkManager" => [.. Sections(program, file, text, "interface-name", "total-vfs", "eswitch-mode")],
        "udev (systemd.link)" => [.. Sections(program, file, text, "OriginalName", "SR-IOVVirtualFunctions")],
        "neutron-sriov-nic-agent" => [.. Mappings(program, file, text)],
        "the host agent of Cloudpods" => [.. Lists(program, file, text)],
        _ => [.. Sysfs(program, file, text)],
    };

    private static string? Add(HostPaths paths, string file, string program, List<FunctionSetting> found)
    {
        Reading<string> text = paths.Files.LooseText(Path.Combine(paths.Root, file[1..]));
        if (text.TryGet(out string? known))
        {
            found.AddRange(Parse(program, file, known));
        }

        return text.IsFailed ? text.Why : null;
    }

    /// <summary>
    /// <c>network: ethernets: NAME:</c> with <c>virtual-function-count</c> or <c>embedded-switch-mode</c> (netplan's
    /// YAML reference). A file that is no YAML does nothing, for netplan refuses it.
    /// </summary>
    private static List<FunctionSetting> Netplan(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (Exception failure) when (BrokenYaml.Caused(failure))
        {
            return [];
        }

        var found = new List<FunctionSetting>();
        foreach (YamlDocument document in stream.Documents)
        {
            if (Child(Child(document.RootNode, "network"), "ethernets") is not YamlMappingNode devices)
            {
                continue;
            }

            foreach ((YamlNode name, YamlNode device) in devices.Children)
            {
                YamlNode? called = Child(device, "set-name") ?? Child(Child(device, "match"), "name") ?? name;
                foreach (string key in (string[])["virtual-function-count", "embedded-switch-mode"])
                {
                    if (Child(device, key) is YamlScalarNode value)
                    {
                        found.Add(new FunctionSetting("netplan", file, $"{key}: {value.Value}", $"{called}"));
                    }
                }
            }
        }

        return found;
    }

    private static YamlNode? Child(YamlNode? node, string key) => node is YamlMappingNode mapping
        ? mapping.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode scalar && scalar.Value == key).Value
        : null;

    /// <summary>Lines <c>key=value</c>, of which one names the device and others set something for it.</summary>
    private static IEnumerable<FunctionSetting> Sections(
        string program, string file, string text, string name, params string[] settings)
    {
        string[][] lines =
        [
            .. text.Split('\n', StringSplitOptions.TrimEntries)
                .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)),
        ];
        string? device = lines.FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)?[1];
        return device is null
            ? []
            : lines.Where(pair => pair.Length == 2 && settings.Contains(pair[0]) && pair[1] is not ("0" or "preserve"))
                .Select(pair => new FunctionSetting(program, file, string.Join('=', pair), device));
    }

    /// <summary><c>physical_device_mappings = physnet2:ens1f0,physnet2:ens1f1</c></summary>
    private static IEnumerable<FunctionSetting> Mappings(string program, string file, string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith("physical_device_mappings", StringComparison.Ordinal) && line.Contains('='))
            .SelectMany(line => line.Split('=', 2)[1].Split(',', StringSplitOptions.TrimEntries)
                .Where(pair => pair.Contains(':'))
                .Select(pair => new FunctionSetting(program, file, line, pair[(pair.LastIndexOf(':') + 1)..])));

    /// <summary>YAML lists <c>sriov_nics</c> and <c>ovs_offload_nics</c>, in a line or an entry a line.</summary>
    private static IEnumerable<FunctionSetting> Lists(string program, string file, string text)
    {
        string? key = null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            Match begin = ListBegin().Match(line);
            key = begin.Success ? begin.Groups["key"].Value : line.StartsWith('-') ? key : null;
            IEnumerable<string> devices = begin.Success
                ? begin.Groups["items"].Value.Trim('[', ']').Split(',')
                : key is null ? [] : [line[1..]];
            foreach (string device in devices.Select(one => one.Trim(' ', '"', '\'')).Where(one => one.Length > 0))
            {
                yield return new FunctionSetting(program, file, $"{key}: {device}", device);
            }
        }
    }

    /// <summary>
    /// Lines that write <c>sriov_numvfs</c>: by the device's path, by <c>KERNEL=="eth4"</c> or by
    /// <c>KERNELS=="0000:3b:00.0"</c>. Comments are passed over.
    /// </summary>
    private static IEnumerable<FunctionSetting> Sysfs(string program, string file, string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#') && line.Contains("sriov_numvfs", StringComparison.Ordinal))
            .Select(line => (line, Match: Target().Match(line)))
            .Where(pair => pair.Match.Success)
            .Select(pair => new FunctionSetting(program, file, pair.line, pair.Match.Groups["device"].Value));

    [GeneratedRegex(
        """(?:class/net/|pci/devices/|(?:KERNELS?|NAME|ENV\{INTERFACE\})==")(?<device>[A-Za-z0-9_.:-]{1,32})""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Target();

    [GeneratedRegex(@"^(?<key>sriov_nics|ovs_offload_nics)\s*:\s*(?<items>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex ListBegin();

    [GeneratedRegex(
        @"sriov_numvfs|^\s*(-|interface-name|total-vfs|eswitch-mode|OriginalName|SR-IOVVirtualFunctions|"
        + "physical_device_mappings|sriov_nics|ovs_offload_nics)")]
    private static partial Regex RelevantLine();
}
