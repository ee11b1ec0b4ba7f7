using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A bridge reports samples of its traffic, which software has to see.</summary>
internal sealed class O21SamplingInSoftware : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O21",
        "sampling-in-software",
        CheckSeverity.Warning,
        "a bridge samples traffic in software",
        """
        sFlow, NetFlow and IPFIX make Open vSwitch inspect traffic. sFlow adds a sample action to flows; few NICs and
        kernels support that in hardware (psample), on others all such flows stay in software. NetFlow and IPFIX count
        what passes through the host, and so miss offloaded traffic or prevent offload. The card's own counters (the
        representor metrics of ovs-offload) have no such cost.

        Counters of the card itself (this program's metrics of representors) cost nothing of this.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        OvsBridge[] sampled = [.. database.Bridges.Where(bridge => bridge.Samplers.Count > 0)];
        return sampled.Length == 0
            ? [Ok(Objects.Switch,
                $"ovs-vsctl list Bridge: no sflow, netflow or ipfix on {database.Bridges.Count} bridges")]
            : sampled.Select(bridge => Found(
                input.OffloadExpected ? FindingStatus.Warning : FindingStatus.Info,
                $"bridge {bridge.Name}",
                $"{bridge.Name} has {string.Join(" and ", bridge.Samplers)} configured; its flows may stay in software",
                $"ovs-vsctl get Bridge {bridge.Name} {string.Join(" ", bridge.Samplers)}: set",
                "samples are taken in software, or with an action that few NICs support",
                $"ovs-vsctl clear Bridge {bridge.Name} {string.Join(" ", bridge.Samplers)}"));
    }
}
