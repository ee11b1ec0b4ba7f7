using System.Globalization;

namespace OvsOffload.Netlink;

/// <summary>
/// The VFs of a PF, through the PF's driver. Each setting is a request of its own, because the kernel does not say at
/// which of several it stopped. In switchdev mode drivers refuse most of them (EOPNOTSUPP).
/// </summary>
internal sealed partial class Links
{
    /// <summary>The VFs of one PF, as its driver tells; empty for a PF without VFs.</summary>
    /// <exception cref="NetlinkTooBigException">They do not fit into one message (InfiniBand, many VFs).</exception>
    public Task<IReadOnlyList<LinkVf>> VfsAsync(LinkReference pf, CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = GetMessage(pf.Index, LinkExtendedMask.Vf | LinkExtendedMask.SkipStatistics);
        var request = new NetlinkRequest("ip link show", $"the VFs of {pf}", message);
        return channel.GetAsync<IReadOnlyList<LinkVf>>(request, ReadVfs, cancellationToken);
    }

    public Task<string?> SetVfAddressAsync(
        LinkReference pf,
        int vf,
        HardwareAddress address,
        CancellationToken cancellationToken)
        => SetVfAsync(
            pf,
            vf,
            $"mac {address}",
            VfAttribute.Address,
            new VfAddress((uint)vf, address),
            cancellationToken);

    /// <param name="pf">The PF.</param>
    /// <param name="vf">The VF's number.</param>
    /// <param name="vlan">0 for none.</param>
    /// <param name="priority">0 to 7.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string?> SetVfVlanAsync(
        LinkReference pf,
        int vf,
        ushort vlan,
        byte priority,
        CancellationToken cancellationToken)
        => SetVfAsync(
            pf,
            vf,
            string.Create(CultureInfo.InvariantCulture, $"vlan {vlan} qos {priority}"),
            VfAttribute.Vlan,
            new VfVlan((uint)vf, vlan, priority),
            cancellationToken);

    /// <param name="pf">The PF.</param>
    /// <param name="vf">The VF's number.</param>
    /// <param name="minimum">In Mbit/s; 0 for none.</param>
    /// <param name="maximum">In Mbit/s; 0 for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string?> SetVfRateAsync(
        LinkReference pf,
        int vf,
        uint minimum,
        uint maximum,
        CancellationToken cancellationToken)
        => SetVfAsync(
            pf,
            vf,
            string.Create(CultureInfo.InvariantCulture, $"min_tx_rate {minimum} max_tx_rate {maximum}"),
            VfAttribute.Rate,
            new VfRate((uint)vf, minimum, maximum),
            cancellationToken);

    public Task<string?> SetVfSpoofCheckAsync(
        LinkReference pf,
        int vf,
        bool isOn,
        CancellationToken cancellationToken)
        => SetVfAsync(
            pf, vf, $"spoofchk {OnOff(isOn)}", VfAttribute.SpoofCheck, Setting(vf, isOn), cancellationToken);

    public Task<string?> SetVfTrustAsync(
        LinkReference pf,
        int vf,
        bool isOn,
        CancellationToken cancellationToken)
        => SetVfAsync(pf, vf, $"trust {OnOff(isOn)}", VfAttribute.Trust, Setting(vf, isOn), cancellationToken);

    public Task<string?> SetVfLinkStateAsync(
        LinkReference pf,
        int vf,
        VfLinkState state,
        CancellationToken cancellationToken)
        => SetVfAsync(
            pf,
            vf,
            $"state {state.ToString().ToLowerInvariant()}",
            VfAttribute.LinkState,
            new VfSetting((uint)vf, (uint)state),
            cancellationToken);

    private static string OnOff(bool isOn) => isOn ? "on" : "off";

    private static VfSetting Setting(int vf, bool isOn) => new((uint)vf, isOn ? 1u : 0u);

    private static List<LinkVf> ReadVfs(NetlinkMessage message)
    {
        var reader = new AttributeReader(message.Payload, LinkHeader.Length, "VF information");
        while (reader.Read())
        {
            if (reader.Type == LinkAttribute.VfList)
            {
                return LinkVf.ReadList(reader.Nested());
            }
        }

        return [];
    }

    private Task<string?> SetVfAsync<T>(
        LinkReference pf,
        int vf,
        string setting,
        ushort attribute,
        T value,
        CancellationToken cancellationToken)
        where T : unmanaged
        => SetAsync(
            pf,
            string.Create(CultureInfo.InvariantCulture, $"vf {vf} {setting}"),
            message => message.Nested(
                LinkAttribute.VfList,
                list => list.Nested(VfAttribute.Vf, nest => nest.Structure(attribute, value))),
            cancellationToken);
}
