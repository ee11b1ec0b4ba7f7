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
        "idle connections leave the hardware too soon",
        """
        Connections that are offloaded stand in a flow table of the kernel, which throws out those without traffic after
        a time: nf_flowtable_tcp_timeout, 30 seconds unless set. Such a connection goes back to software, and its next
        packets have to bring it into hardware anew. A much shorter time makes connections with pauses go to and fro;
        that costs more than it saves.
        """);

    /// <summary>Seconds; the kernel's own value is 30 (nf_conntrack_proto_tcp.c, offload_timeout).</summary>
    private const int Least = 10;

    public override IEnumerable<Finding> Examine(VerifyInput input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.Unread(state.PhysicalFunctions))];
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
            seconds => seconds >= Least
                ? [Ok(Objects.Kernel, $"{File}: {seconds}")]
                :
                [
                    Found(FindingStatus.Warning, Objects.Kernel, $"connections leave the hardware after {seconds} s",
                        $"{File}: {seconds}", "somebody set it far below the kernel's own 30 s",
                        "sysctl -w net.netfilter.nf_flowtable_tcp_timeout=30"),
                ],
            why => [Skip(Objects.Kernel, $"{File}: {why}")],
            why => [Skip(Objects.Kernel, $"{File}: {why}")]);
    }
}
