using System.Globalization;
using System.Text;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>
/// The udev rules of one PF: names of its representors as systemd 255 and later give them (<c>enp1s0f0r3</c>), on
/// every release the same, and properties by which NetworkManager and systemd-networkd leave representors and VFs
/// alone. Pure.
/// </summary>
internal static class NameRules
{
    /// <summary>IFNAMSIZ - 1: what is longer the kernel refuses.</summary>
    private const int LongestName = 15;

    /// <summary>What representors' names begin with: the PF's name without that of its port; null without a PF's
    /// device.</summary>
    public static string? StemOf(PhysicalFunction pf)
    {
        if (pf.Uplink is not { } uplink)
        {
            return null;
        }

        int port = uplink.Name.LastIndexOf("np", StringComparison.Ordinal);
        ReadOnlySpan<char> number = port > 0 ? uplink.Name.AsSpan(port + 2) : [];
        return !number.IsEmpty && !number.ContainsAnyExceptInRange('0', '9') ? uplink.Name[..port] : uplink.Name;
    }

    /// <summary>How many of so many VFs have representors whose names would be too long.</summary>
    public static int TooLong(string stem, int vfs) =>
        Enumerable.Range(0, vfs).Count(vf => NameOf(stem, vf).Length > LongestName);

    /// <summary>The text of the file.</summary>
    /// <param name="pf">The PF, which has a device.</param>
    /// <param name="stem">As <see cref="StemOf"/> says.</param>
    /// <param name="vfs">How many VFs there will be.</param>
    public static string Of(PhysicalFunction pf, string stem, int vfs)
    {
        string label = $"ovs_offload_{pf.Address.ToString().Replace(':', '_').Replace('.', '_')}";
        string end = $"{label}_end";
        const string Leave = "ENV{NM_UNMANAGED}=\"1\", ENV{OVS_OFFLOAD_UNMANAGED}=\"1\"";
        var text = new StringBuilder(
            $"""
            # Written by ovs-offload for {pf.Address}; 'ovs-offload revert' removes it. Changes are overwritten.
            SUBSYSTEM!="net", GOTO="{end}"
            ACTION!="add|change|move", GOTO="{end}"

            # VFs belong to guests.
            ATTR{"{"}device/physfn/uevent{"}"}=="*PCI_SLOT_NAME={pf.Address}*", {Leave}, GOTO="{end}"

            # The PF and its representors: their device is the PF itself, as that of a sub-function is not.
            KERNELS=="{pf.Address}", TEST=="device/sriov_totalvfs", GOTO="{label}_port"
            GOTO="{end}"
            LABEL="{label}_port"
            ATTR{"{"}phys_port_name{"}"}=="*pf*", {Leave}

            # Names are given once. No representor may get the PF's.
            ACTION!="add", GOTO="{end}"
            ATTR{"{"}phys_port_name{"}"}!="*pf*", NAME="{pf.Uplink!.Name}", GOTO="{end}"

            """);
        for (int vf = 0; vf < vfs; vf++)
        {
            if (NameOf(stem, vf) is { Length: <= LongestName } name)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"ATTR{{phys_port_name}}==\"pf*vf{vf}\", NAME=\"{name}\"\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nLABEL=\"{end}\"\n").ToString();
    }

    private static string NameOf(string stem, int vf) => string.Create(CultureInfo.InvariantCulture, $"{stem}r{vf}");
}
