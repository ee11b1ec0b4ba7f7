using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>What devlink tells in dumps over all devices, read once for the whole host.</summary>
internal sealed record DevlinkFacts(
    Reading<IReadOnlySet<DevlinkHandle>> Devices,
    Reading<IReadOnlyList<DevlinkPort>> Ports,
    Reading<IReadOnlyList<DevlinkHealthReporter>> Health);
