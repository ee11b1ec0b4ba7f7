using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>The speed of a network device: <c>/sys/class/net/DEVICE/speed</c>.</summary>
internal static class LinkSpeed
{
    /// <summary>
    /// In Mbit/s. Absent: the device is down, which the kernel refuses with EINVAL, has no link (-1), or its driver
    /// does not know (SPEED_UNKNOWN, linux/ethtool.h).
    /// </summary>
    public static Reading<int> Read(HostPaths paths, string device)
    {
        string file = Path.Combine(paths.Sys, "class/net", device, "speed");
        Reading<int> read = paths.Files.Number<int>(file);
        return read.TryGet(out int speed) && speed > 0
            ? read
            : Reading.Absent<int>(read.IsKnown ? $"{file}: {speed}" : read.Why);
    }
}
