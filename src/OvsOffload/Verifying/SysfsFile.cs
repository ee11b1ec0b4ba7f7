using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>Names of files in sysfs, for evidence.</summary>
internal static class SysfsFile
{
    /// <summary>An attribute of a PF.</summary>
    public static string Of(PhysicalFunction pf, string attribute) => $"/sys/bus/pci/devices/{pf.Address}/{attribute}";
}
