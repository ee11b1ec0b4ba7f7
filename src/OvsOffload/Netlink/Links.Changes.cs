using System.Globalization;

namespace OvsOffload.Netlink;

/// <summary>Changes of links. Each returns the kernel's warning, or null.</summary>
internal sealed partial class Links
{
    /// <summary>Up: a representor that comes up gives its VF a carrier.</summary>
    public Task<string?> SetUpAsync(LinkReference link, CancellationToken cancellationToken) =>
        SetFlagsAsync(link, "up", LinkFlags.Up, cancellationToken);

    public Task<string?> SetDownAsync(LinkReference link, CancellationToken cancellationToken) =>
        SetFlagsAsync(link, "down", LinkFlags.None, cancellationToken);

    public Task<string?> SetAddressAsync(
        LinkReference link,
        HardwareAddress address,
        CancellationToken cancellationToken)
        => SetAsync(
            link,
            $"address {address}",
            message => message.Attribute(LinkAttribute.Address, address.ToBytes()),
            cancellationToken);

    /// <param name="link">The link.</param>
    /// <param name="mtu">In bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string?> SetMtuAsync(LinkReference link, uint mtu, CancellationToken cancellationToken) =>
        SetAsync(
            link,
            string.Create(CultureInfo.InvariantCulture, $"mtu {mtu}"),
            message => message.Attribute(LinkAttribute.Mtu, mtu),
            cancellationToken);

    /// <summary>Makes the link a slave. A bond wants it down (EPERM else), and takes it up itself.</summary>
    public Task<string?> SetMasterAsync(
        LinkReference link,
        LinkReference master,
        CancellationToken cancellationToken)
        => SetAsync(
            link,
            $"master {master.Name}",
            message => message.Attribute(LinkAttribute.Master, master.Index),
            cancellationToken);

    /// <summary>Takes the link out of its bond or bridge.</summary>
    public Task<string?> ReleaseAsync(LinkReference link, CancellationToken cancellationToken) =>
        SetAsync(link, "nomaster", message => message.Attribute(LinkAttribute.Master, 0), cancellationToken);

    /// <summary>Creates a bond without slaves. An existing link of that name is an error (EEXIST).</summary>
    public Task<string?> CreateBondAsync(string name, BondOptions options, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(
            RtnetlinkType.NewLink,
            NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | NetlinkRequestFlags.Exclusive)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.Name, name);
        WriteBond(message, options);
        return channel.ChangeAsync(
            new NetlinkRequest("ip link add type bond", $"link {name}", message), cancellationToken);
    }

    /// <summary>Changes those settings of a bond that are not null.</summary>
    public Task<string?> ChangeBondAsync(
        LinkReference bond,
        BondOptions options,
        CancellationToken cancellationToken)
        => SetAsync(bond, "type bond", message => WriteBond(message, options), cancellationToken);

    /// <summary>Creates a VLAN device, down, on another one.</summary>
    public Task<string?> CreateVlanAsync(
        string name,
        LinkReference lower,
        VlanTag tag,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(
            RtnetlinkType.NewLink,
            NetlinkRequestFlags.Acknowledge | NetlinkRequestFlags.Create | NetlinkRequestFlags.Exclusive)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.Name, name)
            .Attribute(LinkAttribute.Link, lower.Index)
            .Nested(
                LinkAttribute.Information | NetlinkMessageWriter.NestedFlag,
                information => information
                    .Attribute(LinkAttribute.InformationKind, VlanTag.LinkKind)
                    .Nested(LinkAttribute.InformationData | NetlinkMessageWriter.NestedFlag, tag.Write));
        return channel.ChangeAsync(
            new NetlinkRequest($"ip link add link {lower.Name} type vlan id {tag.Id}", $"link {name}", message),
            cancellationToken);
    }

    /// <summary>Deletes a virtual link, such as a bond; its slaves are released.</summary>
    public Task<string?> DeleteAsync(LinkReference link, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(
            RtnetlinkType.DeleteLink, NetlinkRequestFlags.Acknowledge)
            .Fixed(LinkHeader.Of(link.Index));
        return channel.ChangeAsync(new NetlinkRequest("ip link delete", link.ToString(), message), cancellationToken);
    }

    private static void WriteBond(NetlinkMessageWriter message, BondOptions options) =>
        message.Nested(
            LinkAttribute.Information | NetlinkMessageWriter.NestedFlag,
            information => information
                .Attribute(LinkAttribute.InformationKind, Bond.LinkKind)
                .Nested(LinkAttribute.InformationData | NetlinkMessageWriter.NestedFlag, options.Write));

    private Task<string?> SetFlagsAsync(
        LinkReference link,
        string setting,
        LinkFlags flags,
        CancellationToken cancellationToken)
    {
        LinkHeader header = LinkHeader.Of(link.Index) with { Flags = (uint)flags, Change = (uint)LinkFlags.Up };
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.NewLink, NetlinkRequestFlags.Acknowledge)
            .Fixed(header);
        return channel.ChangeAsync(
            new NetlinkRequest($"ip link set {setting}", link.ToString(), message), cancellationToken);
    }

    /// <summary>
    /// RTM_NEWLINK without NLM_F_CREATE changes a link and never makes one, as <c>ip link set</c> does.
    /// </summary>
    private Task<string?> SetAsync(
        LinkReference link,
        string setting,
        Action<NetlinkMessageWriter> write,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.NewLink, NetlinkRequestFlags.Acknowledge)
            .Fixed(LinkHeader.Of(link.Index));
        write(message);
        return channel.ChangeAsync(
            new NetlinkRequest($"ip link set {setting}", link.ToString(), message), cancellationToken);
    }
}
