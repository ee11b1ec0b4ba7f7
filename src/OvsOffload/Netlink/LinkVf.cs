namespace OvsOffload.Netlink;

/// <summary>IFLA_VF_LINK_STATE_*, linux/if_link.h.</summary>
internal enum VfLinkState : uint
{
    /// <summary>Follows the PF.</summary>
    Auto = 0,
    Enable = 1,
    Disable = 2,
}

/// <summary>A VF as its PF's driver tells of it (IFLA_VF_INFO). What the driver does not report is null.</summary>
internal sealed record LinkVf
{
    public required int Index { get; init; }

    /// <summary>All zero when it was never set: the VF's driver then makes one up at each start.</summary>
    public HardwareAddress Address { get; init; }

    /// <summary>0 for none.</summary>
    public uint Vlan { get; init; }

    public uint VlanPriority { get; init; }

    /// <summary>In Mbit/s; 0 for none.</summary>
    public uint MinimumRate { get; init; }

    /// <summary>In Mbit/s; 0 for none.</summary>
    public uint MaximumRate { get; init; }

    public bool? IsSpoofChecked { get; init; }

    public bool? IsTrusted { get; init; }

    public VfLinkState? LinkState { get; init; }

    /// <summary>Reads IFLA_VFINFO_LIST.</summary>
    public static List<LinkVf> ReadList(AttributeReader reader)
    {
        var vfs = new List<LinkVf>();
        while (reader.Read())
        {
            if (reader.Type == VfAttribute.Vf)
            {
                vfs.Add(Read(reader.Nested()));
            }
        }

        return vfs;
    }

    private static LinkVf Read(AttributeReader reader)
    {
        var vf = new LinkVf { Index = -1 };
        while (reader.Read())
        {
            vf = reader.Type switch
            {
                // the kernel does not say how long the address is; all VFs of Ethernet PFs have 6 bytes
                VfAttribute.Address => vf with
                {
                    Index = (int)reader.Structure<uint>(),
                    Address = reader.Structure<VfAddress>().Ethernet,
                },
                VfAttribute.Vlan => vf with
                {
                    Vlan = reader.Structure<VfVlan>().Vlan,
                    VlanPriority = reader.Structure<VfVlan>().Priority,
                },
                VfAttribute.Rate => vf with
                {
                    MinimumRate = reader.Structure<VfRate>().Minimum,
                    MaximumRate = reader.Structure<VfRate>().Maximum,
                },
                VfAttribute.SpoofCheck => vf with { IsSpoofChecked = Flag(reader.Structure<VfSetting>()) },
                VfAttribute.Trust => vf with { IsTrusted = Flag(reader.Structure<VfSetting>()) },
                VfAttribute.LinkState =>
                    vf with { LinkState = (VfLinkState)reader.Structure<VfSetting>().Setting },
                _ => vf,
            };
        }

        return vf.Index >= 0 ? vf : throw new NetlinkMalformedException("VF information", "a VF has no number");
    }

    /// <summary>The kernel begins with -1 and leaves that where the driver says nothing.</summary>
    private static bool? Flag(VfSetting setting) => setting.Setting == uint.MaxValue ? null : setting.Setting != 0;
}
