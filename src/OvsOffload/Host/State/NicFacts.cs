using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A PF as it is at the moment of a scrape, and as it is wanted.</summary>
internal sealed record NicFacts
{
    public required PciAddress Address { get; init; }

    /// <summary>The PF's own network device; null while it has none in this namespace.</summary>
    public string? Device { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The PCI driver; null when none is bound.</summary>
    public string? Driver { get; init; }

    /// <summary>Versions; absent where the driver tells none.</summary>
    public required Reading<Firmware> Firmware { get; init; }

    /// <summary>The NUMA node; null where the platform states none.</summary>
    public int? NumaNode { get; init; }

    /// <summary><c>sriov_numvfs</c>; absent without an SR-IOV capability.</summary>
    public required Reading<int> Vfs { get; init; }

    /// <summary><c>sriov_totalvfs</c>; absent likewise.</summary>
    public required Reading<int> VfLimit { get; init; }

    /// <summary>The e-switch; absent where the driver has none.</summary>
    public required Reading<DevlinkEswitch> Eswitch { get; init; }

    /// <summary>The functions' ports of the e-switch with their devices.</summary>
    public required Reading<IReadOnlyList<FunctionPort>> Functions { get; init; }

    /// <summary>Health reporters of the device and of its ports.</summary>
    public required Reading<IReadOnlyList<DevlinkHealthReporter>> Health { get; init; }

    /// <summary>What the configuration says of it; null when it does not name it.</summary>
    public NicIntent? Intent { get; init; }

    /// <summary>Whether there is such a PCI function; without one only <see cref="Intent"/> says anything.</summary>
    public bool IsThere { get; init; } = true;

    /// <summary>A PF that is not there: pulled, dead, or never in this host.</summary>
    /// <param name="address">Where it should be.</param>
    /// <param name="wanted">What the configuration says of it; null when it does not name it.</param>
    public static NicFacts Gone(PciAddress address, NicIntent? wanted)
    {
        const string Why = "there is no such PCI function";
        return new NicFacts
        {
            Address = address,
            Model = "",
            Firmware = Reading.Absent<Firmware>(Why),
            Vfs = Reading.Absent<int>(Why),
            VfLimit = Reading.Absent<int>(Why),
            Eswitch = Reading.Absent<DevlinkEswitch>(Why),
            Functions = Reading.Absent<IReadOnlyList<FunctionPort>>(Why),
            Health = Reading.Absent<IReadOnlyList<DevlinkHealthReporter>>(Why),
            Intent = wanted,
            IsThere = false,
        };
    }
}
