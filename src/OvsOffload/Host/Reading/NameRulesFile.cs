using System.Text;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>This program's udev rules for the representors and VFs of one PF.</summary>
internal static class NameRulesFile
{
    /// <summary>Bytes; a rule has some 60, and a PF at most some thousand VFs.</summary>
    public const int Bound = 1 << 20;

    /// <summary>Where they are: before 80-net-setup-link.rules, which gives names too.</summary>
    public static string PathOf(HostPaths paths, PciAddress pf) =>
        Path.Combine(paths.Run, $"udev/rules.d/75-ovs-offload-{pf}.rules");

    /// <summary>Reads them, to the byte; empty where there is no file. Absent: udev, which is there where its control
    /// socket is, does not run.</summary>
    public static Reading<string> Read(HostPaths paths, PciAddress pf)
    {
        if (!paths.Files.Names(Path.Combine(paths.Run, "udev")).ValueOr([]).Contains("control"))
        {
            return Reading.Absent<string>("udev does not run");
        }

        Reading<byte[]> rules = paths.Files.Bytes(PathOf(paths, pf), Bound);
        return rules.IsAbsent ? Reading.Known("") : rules.Map(Encoding.UTF8.GetString);
    }
}
