namespace OvsOffload.Netlink;

/// <summary>enum devlink_eswitch_mode, linux/devlink.h.</summary>
internal enum EswitchMode : ushort
{
    Legacy = 0,
    Switchdev = 1,

    /// <summary>Kernels later than 6.12: representors exist, no traffic passes yet.</summary>
    SwitchdevInactive = 2,
}

/// <summary>enum devlink_eswitch_inline_mode, linux/devlink.h: how many headers a VF's descriptor must carry.</summary>
internal enum EswitchInlineMode : byte
{
    None = 0,
    Link = 1,
    Network = 2,
    Transport = 3,
}

/// <summary>enum devlink_eswitch_encap_mode, linux/devlink.h.</summary>
internal enum EswitchEncapMode : byte
{
    None = 0,
    Basic = 1,
}

/// <summary>
/// A device's e-switch. Each mode is null where the driver has no such setting; all are null where the function has no
/// e-switch to set (a NIC without switchdev, a VF, a subfunction, the host's side of a BlueField).
/// </summary>
internal sealed record DevlinkEswitch(EswitchMode? Mode, EswitchInlineMode? InlineMode, EswitchEncapMode? EncapMode)
{
    /// <summary>The kernel says EOPNOTSUPP: this is no legacy mode, there is nothing to set.</summary>
    public static readonly DevlinkEswitch Unsupported = new(null, null, null);

    public static DevlinkEswitch Read(NetlinkMessage message)
    {
        DevlinkEswitch eswitch = Unsupported;
        var reader = new AttributeReader(message.Payload, GenericNetlink.HeaderLength, "devlink eswitch");
        while (reader.Read())
        {
            eswitch = reader.Type switch
            {
                DevlinkAttribute.EswitchMode => eswitch with { Mode = (EswitchMode)reader.UInt16() },
                DevlinkAttribute.EswitchInlineMode =>
                    eswitch with { InlineMode = (EswitchInlineMode)reader.Byte() },
                DevlinkAttribute.EswitchEncapMode => eswitch with { EncapMode = (EswitchEncapMode)reader.Byte() },
                _ => eswitch,
            };
        }

        return eswitch;
    }
}

/// <summary>The modes in the words of the <c>devlink</c> command.</summary>
internal static class EswitchNames
{
    public static string ToName(this EswitchMode mode) => mode switch
    {
        EswitchMode.Legacy => "legacy",
        EswitchMode.Switchdev => "switchdev",
        EswitchMode.SwitchdevInactive => "switchdev_inactive",
        _ => $"unknown ({(ushort)mode})",
    };

    public static string ToName(this EswitchInlineMode mode) => mode switch
    {
        EswitchInlineMode.None => "none",
        EswitchInlineMode.Link => "link",
        EswitchInlineMode.Network => "network",
        EswitchInlineMode.Transport => "transport",
        _ => $"unknown ({(byte)mode})",
    };

    public static string ToName(this EswitchEncapMode mode) => mode switch
    {
        EswitchEncapMode.None => "none",
        EswitchEncapMode.Basic => "basic",
        _ => $"unknown ({(byte)mode})",
    };

    /// <summary>The inline mode of a word; null for none of them.</summary>
    public static EswitchInlineMode? InlineModeOf(string? word) => Find<EswitchInlineMode>(word, ToName);

    /// <summary>The encap mode of a word; null for none of them.</summary>
    public static EswitchEncapMode? EncapModeOf(string? word) => Find<EswitchEncapMode>(word, ToName);

    private static T? Find<T>(string? word, Func<T, string> name)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (name(value) == word)
            {
                return value;
            }
        }

        return null;
    }
}
