using System.Text.RegularExpressions;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A network of libvirt that hands VFs of a PF to guests.</summary>
/// <param name="File">Its definition, as the host names it.</param>
/// <param name="Device">The PF's network device.</param>
internal sealed record LibvirtPool(string File, string Device);

/// <summary>
/// Finds libvirt's pools of VFs: networks with <c>&lt;forward mode='hostdev'&gt;</c> and <c>&lt;pf dev='eth4'/&gt;</c>
/// (libvirt's network XML format).
/// </summary>
internal static partial class LibvirtPools
{
    private const string Networks = "/etc/libvirt/qemu/networks";

    /// <summary>The pools that are defined; none without libvirt.</summary>
    public static Reading<IReadOnlyList<LibvirtPool>> Read(HostPaths paths)
    {
        string below = Path.Combine(paths.Root, Networks[1..]);
        Reading<IReadOnlyList<string>> names = paths.Files.Names(below);
        if (names.IsFailed)
        {
            return Reading.Failed<IReadOnlyList<LibvirtPool>>(names.Why);
        }

        var found = new List<LibvirtPool>();
        foreach (string name in names.ValueOr([]).Where(name => name.EndsWith(".xml", StringComparison.Ordinal)))
        {
            Reading<string> text = paths.Files.Text(Path.Combine(below, name));
            if (text.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<LibvirtPool>>(text.Why);
            }

            found.AddRange(Parse($"{Networks}/{name}", text.ValueOr("")));
        }

        return Reading.Known<IReadOnlyList<LibvirtPool>>(found);
    }

    /// <summary>The PFs of one definition; none where it is a network of another kind.</summary>
    public static IEnumerable<LibvirtPool> Parse(string file, string xml) => HostDevice().IsMatch(xml)
        ? PhysicalFunction().Matches(xml).Select(match => new LibvirtPool(file, match.Groups["device"].Value))
        : [];

    [GeneratedRegex("""<forward\b[^<>]*\bmode=['"]hostdev['"]""")]
    private static partial Regex HostDevice();

    [GeneratedRegex("""<pf\b[^<>]*\bdev=['"](?<device>[^'"<>\s]{1,15})['"]""")]
    private static partial Regex PhysicalFunction();
}
