using System.Net.NetworkInformation;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Values in the words of <c>devlink</c> and <c>ip</c>.</summary>
internal static class Words
{
    /// <summary>The word of <c>devlink dev eswitch</c>.</summary>
    public static string Of(EswitchMode mode) => mode switch
    {
        EswitchMode.Legacy => "legacy",
        EswitchMode.Switchdev => "switchdev",
        EswitchMode.SwitchdevInactive => "switchdev_inactive",
        _ => $"mode {(int)mode}",
    };

    /// <summary>The word of <c>devlink dev eswitch</c>.</summary>
    public static string Of(EswitchInlineMode mode) => mode switch
    {
        EswitchInlineMode.None => "none",
        EswitchInlineMode.Link => "link",
        EswitchInlineMode.Network => "network",
        EswitchInlineMode.Transport => "transport",
        _ => $"inline mode {(int)mode}",
    };

    /// <summary>The word of <c>devlink dev eswitch</c>.</summary>
    public static string Of(EswitchEncapMode mode) => mode switch
    {
        EswitchEncapMode.None => "none",
        EswitchEncapMode.Basic => "basic",
        _ => $"encap mode {(int)mode}",
    };

    /// <summary>The form of <c>ip link</c>: six lower-case bytes with colons.</summary>
    public static string Of(PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(value => value.ToString("x2")));

    /// <summary>The same for an address that may be missing.</summary>
    public static string? OfMac(PhysicalAddress? address) => address is null ? null : Of(address);
}
