using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Runs one read of a ground room and makes a reading of it: what a room throws becomes the reason of a failed reading,
/// so that one unreadable part leaves the others readable.
/// </summary>
internal static class SafeRead
{
    /// <summary>Reads; failed with the room's own words when it throws.</summary>
    public static async Task<Reading<T>> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return Reading.Known(await read());
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return Reading.Failed<T>(failure.Message);
        }
    }

    private static bool IsExpected(Exception failure) => failure
        is NetlinkException or OpenVSwitchException or SysfsException or IOException or UnauthorizedAccessException;
}
