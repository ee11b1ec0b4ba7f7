using System.Text;
using OvsOffload.Platform;

namespace OvsOffload.Flows;

/// <summary>
/// Which flow a refusal in ovs-vswitchd's log is of. At level debug a thread writes why a flow was refused, then
/// <c>failed to offload flow: ..</c>, and at once <c>put[create] ufid:..</c> of the same flow (lib/dpif-netlink.c,
/// try_send_to_netdev). Pure.
/// </summary>
internal static class LoggedFlows
{
    private const string Putter = "dpif_netlink";

    /// <summary>Between the refusal and the flow: more, and lines between them are missing.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    /// <summary>The newest refusal of each flow that the lines name.</summary>
    /// <param name="lines">Lines of the log, oldest first.</param>
    /// <param name="meaning">What a line refuses; null where it refuses nothing.</param>
    public static Dictionary<UInt128, LoggedRefusal> Of(
        IEnumerable<DaemonLogLine> lines, Func<DaemonLogLine, LoggedRefusal?> meaning)
    {
        var flows = new Dictionary<UInt128, LoggedRefusal>();
        var pending = new Dictionary<string, (LoggedRefusal Refusal, DateTimeOffset? Time)>();
        foreach (DaemonLogLine line in lines)
        {
            string thread = ThreadOf(line.Module);
            if (IsPut(line, out UInt128 ufid))
            {
                if (pending.TryGetValue(thread, out var refused) && line.Time - refused.Time <= AtOnce)
                {
                    flows[ufid] = refused.Refusal;
                }
                else
                {
                    flows.Remove(ufid);
                }

                pending.Remove(thread);
            }
            else if (IsEnd(line))
            {
                pending.Remove(thread);
            }
            else if (meaning(line) is { } refusal
                && (refusal.Reason != FlowReason.KernelRefused || !pending.ContainsKey(thread)))
            {
                pending[thread] = (refusal, line.Time);
            }
        }

        return flows;
    }

    /// <summary><c>handler2</c> of <c>dpif_netlink(handler2)</c>; the main thread has no name.</summary>
    private static string ThreadOf(string module) =>
        module.IndexOf('(', StringComparison.Ordinal) is >= 0 and var open ? module[open..] : "";

    private static bool IsPut(DaemonLogLine line, out UInt128 ufid)
    {
        const string Id = " ufid:";
        ufid = default;
        int put = line.Module.StartsWith(Putter, StringComparison.Ordinal)
            ? line.Message.IndexOf(": put[", StringComparison.Ordinal)
            : -1;
        int id = put < 0 ? -1 : line.Message.IndexOf(Id, put, StringComparison.Ordinal);
        return id >= 0 && line.Message.Length >= id + Id.Length + Ufid.Length
            && Ufid.TryRead(Encoding.UTF8.GetBytes(line.Message, id + Id.Length, Ufid.Length), out ufid);
    }

    /// <summary>The flow went into tc, or lines are missing here (VLOG_RATE_LIMIT).</summary>
    private static bool IsEnd(DaemonLogLine line) =>
        line.Message is "added flow" || line.Message.StartsWith("Dropped ", StringComparison.Ordinal);
}
