using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>Most of what VFs send passes through the host's CPU.</summary>
internal sealed class O32OffloadRatioLow : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "O32",
        "offload-ratio-low",
        CheckSeverity.Warning,
        "most of a VF's traffic takes the slow path",
        """
        The kernel has two counters per representor: all traffic of its function, and the part that passed through the
        host's CPU (the slow path). The first packets of each connection always do; if it is more than half of many
        packets, flows of this VF are not offloaded. The counters start with the representor, so an old fault can still
        show; the metrics have the current rate.

        Reported only for a VF that sent at least 100 000 packets, while hw-offload is active.
        """);

    /// <summary>With fewer packets, first packets of connections are much of it.</summary>
    private const ulong Minimum = 100_000;

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Platform.Counters.TryGet(out IReadOnlyDictionary<int, LinkCounters>? counters))
        {
            return [Skip(name, $"ip stats show: {input.State.Platform.Counters.Why}")];
        }

        if (input.State.OpenVSwitch.HwOffload.ValueOrDefault() is not { IsActive: true })
        {
            return [Skip(name, "hw-offload is not active: see O01 and O02")];
        }

        Finding[] findings =
        [
            .. Devices(pf).Select(pair => Examine(pf, pair.Representor, pair.Device, counters)).OfType<Finding>(),
        ];
        return findings.Length > 0
            ? findings
            : [Ok(name, "ip stats show: no VF sent more than half of its packets through the slow path")];
    }

    private Finding? Examine(
        PhysicalFunction pf, Representor representor, NetDevice device, IReadOnlyDictionary<int, LinkCounters> counters)
    {
        string subject = Objects.Of(pf, representor);
        if (!counters.TryGetValue(device.Index, out LinkCounters its) || its.SlowPath is not { } slow)
        {
            return Skip(subject, $"ip stats show dev {device.Name}: the driver does not count the slow path");
        }

        ulong all = its.Total.ReceivePackets;
        return all < Minimum || slow.ReceivePackets <= all / 2
            ? null
            : Found(Severity, subject, $"{slow.ReceivePackets * 100 / all} % of what {subject} sent took the slow path",
                $"ip stats show dev {device.Name}: {all} packets received, {slow.ReceivePackets} of them cpu_hit",
                "flows of this VF are not offloaded, or were not for some time",
                $"ovs-offload flows why --port {device.Name}");
    }
}
