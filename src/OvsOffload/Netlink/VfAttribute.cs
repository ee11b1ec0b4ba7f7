using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>IFLA_VF_*, linux/if_link.h: those that are used.</summary>
internal static class VfAttribute
{
    public const ushort Vf = 1; // IFLA_VF_INFO, nest: one VF of IFLA_VFINFO_LIST

    public const ushort Address = 1; // IFLA_VF_MAC, struct ifla_vf_mac
    public const ushort Vlan = 2; // IFLA_VF_VLAN, struct ifla_vf_vlan
    public const ushort SpoofCheck = 4; // IFLA_VF_SPOOFCHK, struct ifla_vf_spoofchk
    public const ushort LinkState = 5; // IFLA_VF_LINK_STATE, struct ifla_vf_link_state
    public const ushort Rate = 6; // IFLA_VF_RATE, struct ifla_vf_rate
    public const ushort Trust = 9; // IFLA_VF_TRUST, struct ifla_vf_trust
}

/// <summary>struct ifla_vf_mac, linux/if_link.h: the address is at the front of 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VfAddress
{
    private const int EthernetLength = 6;

    private readonly uint _vf;
    private AddressBytes _address;

    public VfAddress(uint vf, HardwareAddress address)
    {
        _vf = vf;
        address.ToBytes().CopyTo((Span<byte>)_address);
    }

    public readonly HardwareAddress Ethernet => new(((ReadOnlySpan<byte>)_address)[..EthernetLength]);

    [InlineArray(32)]
    private struct AddressBytes
    {
        private byte _first;
    }
}

/// <summary>struct ifla_vf_vlan.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VfVlan(uint Vf, uint Vlan, uint Priority);

/// <summary>struct ifla_vf_rate, in Mbit/s.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VfRate(uint Vf, uint Minimum, uint Maximum);

/// <summary>struct ifla_vf_spoofchk, ifla_vf_link_state and ifla_vf_trust.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VfSetting(uint Vf, uint Setting);
