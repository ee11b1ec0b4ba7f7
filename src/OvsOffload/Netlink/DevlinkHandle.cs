using System.Diagnostics.CodeAnalysis;

namespace OvsOffload.Netlink;

/// <summary>Names a devlink device: <c>pci/0000:01:00.0</c>.</summary>
/// <param name="Bus"><c>pci</c>; <c>auxiliary</c> for a subfunction.</param>
/// <param name="Device">The name on its bus: <c>0000:01:00.0</c>.</param>
internal readonly record struct DevlinkHandle(string Bus, string Device)
{
    /// <summary>The handle of a PCI function.</summary>
    /// <param name="address">With domain: <c>0000:01:00.0</c>.</param>
    public static DevlinkHandle Pci(string address) => new("pci", address);

    public static bool TryParse([NotNullWhen(true)] string? text, out DevlinkHandle handle)
    {
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        bool isHandle = slash > 0 && slash < text!.Length - 1;
        handle = isHandle ? new DevlinkHandle(text![..slash], text[(slash + 1)..]) : default;
        return isHandle;
    }

    public override string ToString() => $"{Bus}/{Device}";
}
