using System.Globalization;
using System.Text;
using OvsOffload.System;

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
        var message = new NetlinkMessageWriter(RtnetlinkType.GetLink, NetlinkRequestFlags.Dump)
            .Fixed(LinkHeader.Of(0))
            .Attribute(LinkAttribute.ExtendedMask, LinkExtendedMask.SkipStatistics);
        return channel.DumpListAsync<Link>(
            new NetlinkRequest("ip link show", "", message), Link.Read, cancellationToken);
    }

    /// <summary>One link by index; null when there is none.</summary>
    public Task<Link?> FindAsync(int index, CancellationToken cancellationToken) =>
        FindAsync(
            string.Create(CultureInfo.InvariantCulture, $"link {index}"),
            GetMessage(index, LinkExtendedMask.SkipStatistics),
            cancellationToken);

    /// <summary>One link by its name or an alternative name; null when there is none.</summary>
    public Task<Link?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var attribute = Encoding.UTF8.GetByteCount(name) > MaximumNameLength
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
