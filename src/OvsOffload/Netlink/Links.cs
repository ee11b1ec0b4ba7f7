using System.Globalization;
using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The kernel's network devices (rtnetlink). Every method throws <see cref="NetlinkException"/> when the kernel
/// refuses; those that change something return the kernel's warning, or null. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
internal sealed partial class Links(INetlinkChannel channel)
{
    /// <summary>IFNAMSIZ - 1, linux/if.h: a longer name can only be an alternative one.</summary>
    private const int MaximumNameLength = 15;

    /// <summary>
    /// All links. VFs are never asked for here: one PF with too many of them (EMSGSIZE) would end the dump for all.
    /// </summary>
    public Task<IReadOnlyList<Link>> AllAsync(CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = new NetlinkMessageWriter(RtnetlinkType.GetLink, NetlinkRequestFlags.Dump)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.ExtendedMask, LinkExtendedMask.SkipStatistics);
        return channel.DumpListAsync<Link>(
            new NetlinkRequest("ip link show", "", message), Link.Read, cancellationToken);
    }

    /// <summary>
    /// The links of one kind. The kernel leaves the others out (linkinfo_ops of IFLA_LINKINFO in rtnl_dump_ifinfo), so
    /// that 250 representors cost nothing.
    /// </summary>
    public Task<IReadOnlyList<Link>> OfKindAsync(string kind, CancellationToken cancellationToken) => DumpAsync(
        $"type {kind}",
        message => message.Nested(
            LinkAttribute.Information | NetlinkMessageWriter.NestedFlag,
            information => information.Attribute(LinkAttribute.InformationKind, kind)),
        link => link.Kind == kind,
        cancellationToken);

    /// <summary>The links below a bond or bridge; the kernel leaves the others out (IFLA_MASTER).</summary>
    public Task<IReadOnlyList<Link>> LowerLinksAsync(int master, CancellationToken cancellationToken) => DumpAsync(
        string.Create(CultureInfo.InvariantCulture, $"master {master}"),
        message => message.Attribute(LinkAttribute.Master, master),
        link => link.Master == master,
        cancellationToken);

    /// <summary>One link by index; null when there is none.</summary>
    public Task<Link?> FindAsync(int index, CancellationToken cancellationToken) =>
        FindAsync(
            string.Create(CultureInfo.InvariantCulture, $"link {index}"),
            GetMessage(index, LinkExtendedMask.SkipStatistics),
            cancellationToken);

    /// <summary>One link by its name or an alternative name; null when there is none.</summary>
    public Task<Link?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ushort attribute = Encoding.UTF8.GetByteCount(name) > MaximumNameLength
            ? LinkAttribute.AlternativeName
            : LinkAttribute.Name;
        return FindAsync(
            $"link {name}",
            GetMessage(0, LinkExtendedMask.SkipStatistics).Attribute(attribute, name),
            cancellationToken);
    }

    private static NetlinkMessageWriter GetMessage(int index, uint extendedMask) =>
        new NetlinkMessageWriter(RtnetlinkType.GetLink, NetlinkRequestFlags.Acknowledge)
            .Fixed(LinkHeader.Of(index))
            .Attribute(LinkAttribute.ExtendedMask, extendedMask);

    private async Task<IReadOnlyList<Link>> DumpAsync(
        string filter,
        Func<NetlinkMessageWriter, NetlinkMessageWriter> write,
        Func<Link, bool> isMeant,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = write(new NetlinkMessageWriter(RtnetlinkType.GetLink, NetlinkRequestFlags.Dump)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.ExtendedMask, LinkExtendedMask.SkipStatistics));
        IReadOnlyList<Link> links = await channel.DumpListAsync<Link>(
            new NetlinkRequest($"ip link show {filter}", "", message), Link.Read, cancellationToken);

        // The filter is a wish: the kernel sends all links where the module of the kind is not loaded.
        return [.. links.Where(isMeant)];
    }

    private async Task<Link?> FindAsync(
        string objectName,
        NetlinkMessageWriter message,
        CancellationToken cancellationToken)
    {
        try
        {
            var request = new NetlinkRequest("ip link show", objectName, message);
            return await channel.GetAsync(request, Link.Read, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
