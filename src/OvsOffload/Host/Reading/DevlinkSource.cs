using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads what devlink tells in dumps over all devices.</summary>
internal static class DevlinkSource
{
    /// <summary>Reads all three.</summary>
    public static async Task<DevlinkFacts> ReadAsync(
        Devlink devlink, Reading<bool> present, CancellationToken cancellation)
    {
        if (!present.TryGet(out bool there) || !there)
        {
            string why = present.IsKnown
                ? "this kernel has no devlink, or no driver that uses it is loaded"
                : present.Why;
            return new DevlinkFacts(
                Without<IReadOnlyList<DevlinkDevice>>(), Without<IReadOnlyList<DevlinkPort>>(),
                Without<IReadOnlyList<DevlinkHealthReporter>>());

            Reading<T> Without<T>() => present.IsKnown ? Reading.Absent<T>(why) : Reading.Failed<T>(why);
        }

        return new DevlinkFacts(
            await SafeRead.TryAsync(() => devlink.DevicesAsync(cancellation)),
            await SafeRead.TryAsync(() => devlink.PortsAsync(cancellation)),
            await SafeRead.TryAsync(() => devlink.HealthReportersAsync(cancellation)));
    }
}
