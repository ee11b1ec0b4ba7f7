using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads the network devices of the own namespace with their addresses and their tc offload feature.</summary>
internal sealed class DeviceSource(RouteSession route, GenericSession generic)
{
    /// <summary>Reads all of them; failed when the devices themselves could not be listed.</summary>
    public async Task<Reading<ImmutableArray<NetDevice>>> ReadAsync(
        Reading<IReadOnlyList<Link>> links, CancellationToken cancellation)
    {
        if (!links.IsKnown)
        {
            return links.Map(_ => ImmutableArray<NetDevice>.Empty);
        }

        Reading<IReadOnlyList<LinkIPAddress>> addresses =
            await SafeRead.TryAsync(() => route.Routes.AddressesAsync(cancellation));
        if (!addresses.IsKnown)
        {
            // Without the addresses nobody could tell which device the host is reached by.
            return Reading.Failed<ImmutableArray<NetDevice>>(addresses.Why);
        }

        Reading<IReadOnlyDictionary<int, LinkFeature>> features = await SafeRead.TryAsync(
            () => generic.Ethtool.FeatureOfAllAsync(Ethtool.TcOffload, cancellation));
        ILookup<int, LinkIPAddress> byDevice = addresses.Value.ToLookup(address => address.LinkIndex);
        return Reading.Known<ImmutableArray<NetDevice>>(
        [
            .. links.Value.OrderBy(link => link.Index)
                .Select(link => Device(link, byDevice[link.Index], Feature(features, link))),
        ]);
    }

    /// <summary>The devices of some links, without what costs a dump of its own: no addresses, no features.</summary>
    public static ImmutableArray<NetDevice> Basic(IEnumerable<Link> links) =>
    [
        .. links.Select(link =>
            Device(link, [], Reading.Failed<OffloadFeature>("features not read"))),
    ];

    private static Reading<OffloadFeature> Feature(
        Reading<IReadOnlyDictionary<int, LinkFeature>> features, Link link) => features.Then(all =>
        all.TryGetValue(link.Index, out LinkFeature feature)
            ? Reading.Known(new OffloadFeature(feature.IsActive, feature.IsFixed))
            : Reading.Absent<OffloadFeature>($"{link.Name} has no features"));

    private static NetDevice Device(
        Link link, IEnumerable<LinkIPAddress> addresses, Reading<OffloadFeature> feature) =>
        new()
        {
            Index = link.Index,
            Name = link.Name,
            AltNames = [.. link.AlternativeNames],
            Kind = link.Kind,
            Up = link.IsUp,
            Carrier = link.HasCarrier,
            Mtu = (int)link.Mtu,
            MinMtu = Limit(link.MinMtu),
            MaxMtu = Limit(link.MaxMtu),
            Address = link.Address.Length == 0 ? null : link.Address,

            // The members of a bond have its address, and not every driver tells the one that the hardware came with.
            PermanentAddress = link.PermanentAddress
                ?? (link.BondSlave is { PermanentAddress: { Length: > 0 } own } ? own : null),
            Master = link.Master,
            Lower = link.NamespaceId is null ? link.LowerLink : null,
            Vlan = link.Vlan,
            HardwareType = (int)link.HardwareType,
            PhysSwitchId = link.PhysicalSwitchId,
            PhysPortName = link.PhysicalPortName,
            ParentDevice = link.ParentDeviceName,
            HwTcOffload = feature,
            Addresses =
            [
                .. addresses.Where(IsSet)
                    .Select(address => new IPNetworkAddress(address.Address, address.PrefixLength)),
            ],
            RouterAddresses =
            [
                .. addresses.Where(address => address.IsFromRouter && !address.Address.IsIPv6LinkLocal)
                    .Select(address => new IPNetworkAddress(address.Address, address.PrefixLength)),
            ],
            Leases =
            [
                .. addresses.Where(address => IsSet(address) && address.ValidFor is not null)
                    .Select(address => new AddressLease(
                        new IPNetworkAddress(address.Address, address.PrefixLength), address.ValidFor!.Value)),
            ],
        };

    /// <summary>A limit of the MTU: 0 is none (dev_validate_mtu, net/core/dev.c), and so is what no MTU can
    /// be.</summary>
    private static int? Limit(uint bytes) => bytes is 0 or > int.MaxValue ? null : (int)bytes;

    /// <summary>
    /// Every device that is up has a link-local one, and one where a router is heard; they say nothing of who uses the
    /// device.
    /// </summary>
    private static bool IsSet(LinkIPAddress address) => !address.Address.IsIPv6LinkLocal && !address.IsFromRouter;
}
