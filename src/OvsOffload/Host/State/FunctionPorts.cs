using System.Text.RegularExpressions;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A function's port of an e-switch with its device on this host.</summary>
/// <param name="Function">The function: <c>vf3</c>, <c>sf88</c>, <c>pf0</c>.</param>
/// <param name="VfIndex">The VF's index; null for other functions.</param>
/// <param name="Controller">The controller of a function of another host; null for this host's.</param>
/// <param name="PfNumber">The PF's number in the names of ports.</param>
/// <param name="PortIndex">Index of the devlink port; 0 where devlink has none.</param>
/// <param name="Device">The representor; null while there is none.</param>
internal sealed record FunctionPort(
    string Function, int? VfIndex, int? Controller, int? PfNumber, uint PortIndex, Link? Device)
{
    /// <summary>Whether the function belongs to another host.</summary>
    public bool External => Controller is not null;

    /// <summary>Whether the function is a VF of this host.</summary>
    public bool IsLocalVf => VfIndex is not null && !External;
}

/// <summary>
/// Tells which device is the uplink of a PF and which are its representors: by devlink's ports, and where a driver has
/// none by switch and port name; never by a pattern of interface names, which udev changes. Pure.
/// </summary>
internal static partial class FunctionPorts
{
    /// <summary>The uplink of a PF: its physical port, else its device that is no representor.</summary>
    public static Link? Uplink(PciAddress pf, IReadOnlyList<DevlinkPort> ports, IReadOnlyList<Link> links)
    {
        DevlinkPort? physical = Physical(pf, ports);
        HashSet<int?> others = [.. Of(pf, ports).Where(port => port != physical).Select(port => port.NetdevIndex)];
        return links.FirstOrDefault(link => physical?.NetdevIndex == link.Index)
            ?? links.FirstOrDefault(link => link.ParentDeviceName == pf.ToString()
                && !others.Contains(link.Index)
                && (link.PhysicalPortName is null || UplinkName().IsMatch(link.PhysicalPortName)));
    }

    /// <summary>
    /// The port to the network. Drivers without e-switch, such as mlx4, name no flavour: the first port is it then.
    /// </summary>
    public static DevlinkPort? Physical(PciAddress pf, IReadOnlyList<DevlinkPort> ports) =>
        Of(pf, ports).FirstOrDefault(port => port.Flavour == DevlinkPortFlavour.Physical)
        ?? Of(pf, ports).Where(port => port.Flavour is null).MinBy(port => port.Index);

    /// <summary>The functions' ports of a PF's e-switch, in order of devlink's index.</summary>
    public static IReadOnlyList<FunctionPort> Functions(
        PciAddress pf, IReadOnlyList<DevlinkPort> ports, IReadOnlyList<Link> links)
    {
        var devices = new Dictionary<int, Link>(links.Count);
        foreach (Link link in links)
        {
            devices.TryAdd(link.Index, link);
        }

        FunctionPort[] known =
        [
            .. Of(pf, ports).Select(port => Read(port, devices)).OfType<FunctionPort>().OrderBy(port => port.PortIndex),
        ];
        return known.Length > 0 ? known : [.. links.Where(Named).Select(Read)];

        bool Named(Link link) => link.ParentDeviceName == pf.ToString()
            && link.PhysicalPortName is not null
            && RepresentorName().IsMatch(link.PhysicalPortName);
    }

    private static IEnumerable<DevlinkPort> Of(PciAddress pf, IReadOnlyList<DevlinkPort> ports)
    {
        var handle = DevlinkHandle.Pci(pf.ToString());
        return ports.Where(port => port.Handle == handle);
    }

    private static FunctionPort? Read(DevlinkPort port, Dictionary<int, Link> devices)
    {
        string? function = port.Flavour switch
        {
            DevlinkPortFlavour.PciVf => $"vf{port.VfNumber}",
            DevlinkPortFlavour.PciSf => $"sf{port.SfNumber}",
            DevlinkPortFlavour.PciPf => $"pf{port.PfNumber}",
            _ => null,
        };
        return function is null
            ? null
            : new FunctionPort(
                function,
                port.Flavour == DevlinkPortFlavour.PciVf ? port.VfNumber : null,
                port.IsExternal ? (int?)port.Controller ?? 0 : null,
                port.PfNumber,
                port.Index,
                port.NetdevIndex is { } index ? devices.GetValueOrDefault(index) : null);
    }

    private static FunctionPort Read(Link link)
    {
        Match name = RepresentorName().Match(link.PhysicalPortName!);
        int? controller = name.Groups["controller"].Success ? int.Parse(name.Groups["controller"].ValueSpan) : null;
        int number = int.Parse(name.Groups["number"].ValueSpan);
        bool vf = name.Groups["kind"].ValueSpan is "vf";
        return new FunctionPort(
            $"{name.Groups["kind"].Value}{number}", vf ? number : null, controller,
            int.Parse(name.Groups["pf"].ValueSpan), 0, link);
    }

    // The forms of net/devlink/port.c, __devlink_port_phys_port_name_get.
    [GeneratedRegex(@"^(l\d+)?p\d+(s\d+)?$")]
    private static partial Regex UplinkName();

    [GeneratedRegex(@"^(c(?<controller>\d{1,6}))?pf(?<pf>\d{1,6})(?<kind>vf|sf)(?<number>\d{1,6})$")]
    private static partial Regex RepresentorName();
}
