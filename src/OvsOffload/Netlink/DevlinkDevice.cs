using System.Collections.Immutable;

namespace OvsOffload.Netlink;

/// <summary>A devlink device.</summary>
/// <param name="Handle">Its name.</param>
/// <param name="Nested">The devices nested in it: of a chip its PFs, of a PF its subfunctions.</param>
internal sealed record DevlinkDevice(DevlinkHandle Handle, ImmutableArray<DevlinkHandle> Nested)
{
    /// <summary>
    /// The bus of a device that stands for a chip and has no device of the kernel's behind it; on it the device's name
    /// is a number (Documentation/networking/devlink/devlink-shared.rst).
    /// </summary>
    private const string ChipBus = "devlink_index";

    /// <summary>Whether it stands for a chip, which has the nested PFs.</summary>
    public bool IsChip => Handle.Bus == ChipBus;

    /// <summary>Reads a message DEVLINK_CMD_NEW.</summary>
    /// <param name="payload">Generic netlink header and attributes.</param>
    public static DevlinkDevice Read(ReadOnlySpan<byte> payload)
    {
        ImmutableArray<DevlinkHandle>.Builder nested = ImmutableArray.CreateBuilder<DevlinkHandle>();
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "devlink device");
        while (reader.Read())
        {
            if (reader.Type == DevlinkAttribute.Nested)
            {
                nested.Add(DevlinkMessage.ReadHandle(reader.Nested()));
            }
        }

        return new DevlinkDevice(DevlinkMessage.ReadHandle(payload), nested.ToImmutable());
    }
}
