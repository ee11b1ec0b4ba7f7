using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>Idle connections leave the hardware too soon.</summary>
internal sealed class O29FlowTableTimeoutShort : Check
{
    public override CheckInfo Info { get; } = new(
        "O29",
        "flow-table-timeout-short",
        CheckSeverity.Warning,
        "the flow table timeout is too short",
        """
        Offloaded connections are in a kernel flow table, which removes those without traffic after
        nf_flowtable_tcp_timeout, 30 seconds by default. Such a connection returns to software, and its next packets
        have to offload it again. With a much shorter timeout, connections with pauses move back and forth; that costs
        more than it saves.
        """);

    /// <summary>Seconds; the kernel's own value is 30 (nf_conntrack_proto_tcp.c, offload_timeout).</summary>
    private const int Minimum = 10;

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        const string File = "/proc/sys/net/netfilter/nf_flowtable_tcp_timeout";
        if (state.KnownFunctions.All(pf => pf.Mode != EswitchMode.Switchdev))
        {
            return [Skip(Objects.Kernel, Objects.NoSwitchdev(state))];
        }

        return state.Platform.FlowTableTimeout.Match<Finding[]>(
            seconds => seconds >= Minimum
                ? [Ok(Objects.Kernel, $"{File}: {seconds}")]
                :
                [
                    Found(FindingStatus.Warning, Objects.Kernel, $"idle connections leave the hardware after {seconds} "
                        + "s",
                        $"{File}: {seconds}", "it was set far below the kernel's default of 30 s",
                        "sysctl -w net.netfilter.nf_flowtable_tcp_timeout=30"),
                ],
            why => [Skip(Objects.Kernel, $"{File}: {why}")],
            why => [Skip(Objects.Kernel, $"{File}: {why}")]);
    }
}
