using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>
/// What the driver of a network device tells of its link: <c>speed</c> and <c>duplex</c> in
/// <c>/sys/class/net/DEVICE</c>. The kernel answers both with EINVAL while the device is down (speed_show,
/// net/core/net-sysfs.c), which is no failure: a device that is down has neither.
/// </summary>
internal static class LinkSettings
{
    /// <summary>IFF_UP of linux/if.h, in <c>flags</c>.</summary>
    private const uint Up = 1;

    /// <summary>
    /// In Mbit/s. Absent: the device is down, has no link (-1), or its driver does not know (SPEED_UNKNOWN,
    /// linux/ethtool.h). Failed: not readable.
    /// </summary>
    public static Reading<int> Speed(HostPaths paths, string device)
    {
        string file = Path.Combine(Directory(paths, device), "speed");
        return WhileUp(paths, device, () => paths.Files.Number<int>(file))
            .Then(speed => speed > 0 ? Reading.Known(speed) : Reading.Absent<int>($"{file}: {speed}"));
    }

    /// <summary>
    /// <c>full</c> or <c>half</c>. Absent: the device is down, or its driver does not know (DUPLEX_UNKNOWN,
    /// linux/ethtool.h). Failed: not readable.
    /// </summary>
    public static Reading<string> Duplex(HostPaths paths, string device) =>
        WhileUp(paths, device, () => paths.Files.Text(Path.Combine(Directory(paths, device), "duplex")))
            .Then(word => word == "unknown"
                ? Reading.Absent<string>("unknown to the driver")
                : Reading.Known(word));

    private static string Directory(HostPaths paths, string device) => Path.Combine(paths.Sys, "class/net", device);

    /// <summary>The flags are asked only after a failure, so that a device that is up costs one file.</summary>
    private static Reading<T> WhileUp<T>(HostPaths paths, string device, Func<Reading<T>> read)
    {
        Reading<T> found = read();
        return found.IsFailed && IsDown(paths, device) ? Reading.Absent<T>($"{device} is down") : found;
    }

    private static bool IsDown(HostPaths paths, string device) =>
        paths.Files.Text(Path.Combine(Directory(paths, device), "flags")).TryGet(out string? text)
        && text.StartsWith("0x", StringComparison.Ordinal)
        && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint flags)
        && (flags & Up) == 0;
}
