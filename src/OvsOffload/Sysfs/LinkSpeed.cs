using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>The speed of a network device: <c>/sys/class/net/DEVICE/speed</c>.</summary>
internal static class LinkSpeed
{
    /// <summary>
    /// In Mbit/s. Absent: the device has no link (-1), or its driver does not know (SPEED_UNKNOWN, linux/ethtool.h).
    /// Failed: not readable, as with EINVAL while the device is down.
    /// </summary>
    public static Reading<int> Read(HostPaths paths, string device)
    {
        string file = Path.Combine(paths.Sys, "class/net", device, "speed");
        return paths.Files.Number<int>(file)
            .Then(speed => speed > 0 ? Reading.Known(speed) : Reading.Absent<int>($"{file}: {speed}"));
    }
}
