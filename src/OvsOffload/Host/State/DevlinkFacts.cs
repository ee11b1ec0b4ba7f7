using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>What devlink tells in dumps over all devices, read once for the whole host.</summary>
internal sealed record DevlinkFacts(
    Reading<IReadOnlyList<DevlinkDevice>> Devices,
    Reading<IReadOnlyList<DevlinkPort>> Ports,
    Reading<IReadOnlyList<DevlinkHealthReporter>> Health)
{
    /// <summary>Whether devlink knows a device; false where it could not be asked.</summary>
    public bool Has(DevlinkHandle handle) => Devices.ValueOr([]).Any(device => device.Handle == handle);

    /// <summary>The chip that a PF is of; null where this kernel, or the driver, does not tell.</summary>
    public DevlinkHandle? ChipOf(DevlinkHandle pf) =>
        Devices.ValueOr([]).FirstOrDefault(device => device.IsChip && device.Nested.Contains(pf))?.Handle;
}
