using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>
/// Judges from effects whether hw-offload is in force: <c>dpif/offload/show</c> where the daemon has it (3.7 and
/// later), else the ingress qdiscs that ovs-vswitchd puts on every port of a kernel datapath when it offloads. Pure.
/// </summary>
internal static class HwOffloadEvidence
{
    /// <summary>The judgement; absent where nothing shows it either way.</summary>
    public static Reading<HwOffloadEffect> Of(
        Reading<OpenVSwitchDatabase> database,
        Reading<string> daemon,
        Reading<OffloadShow?> offload,
        Reading<ImmutableArray<NetDevice>> devices,
        Reading<IReadOnlyList<IngressQdisc>> qdiscs)
    {
        if (!daemon.IsKnown)
        {
            return Reading.Failed<HwOffloadEffect>(daemon.Why);
        }

        Reading<ImmutableArray<NetDevice>> read = database.Then(rows => devices.Map(all => Ports(rows, all)));
        Reading<ImmutableArray<string>> without = read.Then(ports => qdiscs.Map(all => Without(ports, all)));
        if (offload.ValueOrDefault() is { } shown)
        {
            return Reading.Known(new HwOffloadEffect(
                shown.Enabled, $"dpif/offload/show: Globally enabled: {(shown.Enabled ? "true" : "false")}")
            {
                PortsWithoutQdisc = without,
                TakenPorts = shown.Datapaths.SelectMany(datapath => datapath.Providers)
                    .SelectMany(provider => provider.Ports).ToHashSet(StringComparer.Ordinal),
            });
        }

        if (!without.IsKnown)
        {
            return Reading.Failed<HwOffloadEffect>(without.Why);
        }

        ImmutableArray<NetDevice> ports = read.Value;
        if (ports.IsEmpty)
        {
            return Reading.Absent<HwOffloadEffect>("the switch has no port to read it from");
        }

        NetDevice? with = ports.FirstOrDefault(port => !without.Value.Contains(port.Name));
        return Reading.Known(with is not null
            ? new HwOffloadEffect(true, $"ingress qdisc on {with.Name}") { PortsWithoutQdisc = without }
            : new HwOffloadEffect(false, $"no ingress qdisc on {ports[0].Name}") { PortsWithoutQdisc = without });
    }

    /// <summary>The ports of kernel datapaths on which ovs-vswitchd would put a qdisc.</summary>
    private static ImmutableArray<NetDevice> Ports(OpenVSwitchDatabase database, ImmutableArray<NetDevice> devices) =>
    [
        .. database.Bridges
            .Where(bridge => bridge.UsesKernelDatapath)
            .SelectMany(bridge => bridge.Interfaces)
            .Where(row => row.Type.Length == 0 && row.OfPort > 0)
            .Select(row => devices.FirstOrDefault(device => device.HasName(row.Name)))
            .OfType<NetDevice>(),
    ];

    private static ImmutableArray<string> Without(
        ImmutableArray<NetDevice> ports, IReadOnlyList<IngressQdisc> qdiscs) =>
        [.. ports.Where(port => qdiscs.All(qdisc => qdisc.LinkIndex != port.Index)).Select(port => port.Name)];
}
