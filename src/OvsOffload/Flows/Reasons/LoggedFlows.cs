using System.Text;
using OvsOffload.Platform;

#pragma warning disable RS0030 // Of a log there is only the wall clock of whoever wrote it.

namespace OvsOffload.Flows;

/// <summary>
/// Which flow a refusal in ovs-vswitchd's log is of. Pure.
/// </summary>
/// <remarks>
/// Up to 3.6 a thread writes at level debug why a flow was refused, then <c>failed to offload flow: ..</c>, and at once
/// <c>put[create] ufid:..</c> of the same flow (lib/dpif-netlink.c, try_send_to_netdev). From 3.7 on it puts a whole
/// batch first, and then names its flows, each behind <c>Tried offloading 0 to dpif-offload provider tc, error N</c>,
/// but for those that tc does not support (lib/dpif-offload.c, dpif_offload_operate): so a flow is one of the refused,
/// and which refusal is its own is known only where all say the same. 4.0 writes <c>failed to put[create] (..)
/// ufid:..</c> of a refused flow, at the default level.
/// </remarks>
internal static class LoggedFlows
{
    private const string OldPutter = "dpif_netlink", NewPutter = "dpif_offload";

    private const string Failed = "failed to put[";

    /// <summary>Between the refusal and the flow: more, and lines between them are missing.</summary>
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(1);

    /// <summary>The newest refusal of each flow that the lines name.</summary>
    /// <param name="lines">Lines of the log, oldest first.</param>
    /// <param name="meaning">What a line refuses; null where it refuses nothing.</param>
    public static Dictionary<UInt128, LoggedRefusal> Of(
        IEnumerable<DaemonLogLine> lines, Func<DaemonLogLine, LoggedRefusal?> meaning)
    {
        var flows = new Dictionary<UInt128, LoggedRefusal>();
        var threads = new Dictionary<string, Batch>();
        foreach (DaemonLogLine line in lines)
        {
            int open = line.Module.IndexOf('(', StringComparison.Ordinal);
            string module = open < 0 ? line.Module : line.Module[..open];

            // The main thread has no name.
            string thread = open < 0 ? "" : line.Module[open..];
            if (!threads.TryGetValue(thread, out Batch? batch))
            {
                threads[thread] = batch = new Batch();
            }

            if (UfidOfPut(line, module) is { } ufid)
            {
                LoggedRefusal? refusal = module == OldPutter ? batch.TakeLast(line) : batch.OfPut(line);
                if (refusal is not null)
                {
                    flows[ufid] = refusal;
                }
                else
                {
                    flows.Remove(ufid);
                }
            }
            else
            {
                batch.Add(line, module, meaning);
            }
        }

        return flows;
    }

    private static UInt128? UfidOfPut(DaemonLogLine line, string module)
    {
        const string Id = " ufid:";
        if (module is not (OldPutter or NewPutter))
        {
            return null;
        }

        int put = line.Message.IndexOf(": put[", StringComparison.Ordinal);
        put = put < 0 ? line.Message.IndexOf(Failed, StringComparison.Ordinal) : put;
        int id = put < 0 ? -1 : line.Message.IndexOf(Id, put, StringComparison.Ordinal);
        return id >= 0 && line.Message.Length >= id + Id.Length + Ufid.Length
            && Ufid.TryRead(Encoding.UTF8.GetBytes(line.Message, id + Id.Length, Ufid.Length), out UInt128 ufid)
                ? ufid
                : null;
    }

    /// <summary>What one thread refused since it last named flows.</summary>
    private sealed class Batch
    {
        private readonly HashSet<FlowReason> _reasons = [];
        private LoggedRefusal? _detail;
        private LoggedRefusal? _last;
        private LoggedRefusal? _ofBatch;
        private DateTimeOffset? _time;
        private bool _named;
        private bool _refused;
        private bool _incomplete;

        public void Add(DaemonLogLine line, string module, Func<DaemonLogLine, LoggedRefusal?> meaning)
        {
            const string Tried = "Tried offloading ", Error = ", error ";
            if (module == NewPutter && line.Message.StartsWith(Tried, StringComparison.Ordinal))
            {
                int error = line.Message.LastIndexOf(Error, StringComparison.Ordinal);
                (_named, _refused) = (true, error >= 0 && line.Message[(error + Error.Length)..] != "0");
            }
            else if (line.Message.StartsWith("Dropped ", StringComparison.Ordinal))
            {
                // Lines are missing here (VLOG_RATE_LIMIT).
                Begin();
                _incomplete = true;
            }
            else if (line.Message == "added flow")
            {
                (_detail, _last) = (null, null);
            }
            else if (meaning(line) is { } refusal)
            {
                Add(refusal, line);
            }
        }

        /// <summary>Up to 3.6: the flow is the one that was refused last.</summary>
        public LoggedRefusal? TakeLast(DaemonLogLine line)
        {
            LoggedRefusal? last = line.Time - _time <= MaxGap ? _last ?? _detail : null;
            Begin();
            return last;
        }

        /// <summary>From 3.7 on: the flow is one of the batch.</summary>
        public LoggedRefusal? OfPut(DaemonLogLine line)
        {
            bool refused = _refused || line.Message.Contains(Failed, StringComparison.Ordinal);
            (_named, _refused) = (true, false);
            return !refused ? null
                : !_incomplete && _reasons.Count == 1 && line.Time - _time <= MaxGap ? _ofBatch
                : new LoggedRefusal(
                    FlowReason.KernelRefused, null, null, $"ovs-vswitchd.log: {WithoutFlow(line)}", false);
        }

        private static string WithoutFlow(DaemonLogLine line) =>
            line.Message[..line.Message.IndexOf(" ufid:", StringComparison.Ordinal)];

        private void Add(LoggedRefusal refusal, DaemonLogLine line)
        {
            if (_named)
            {
                Begin();
            }

            _time = line.Time;
            if (!line.Message.StartsWith("failed to offload flow", StringComparison.Ordinal))
            {
                _detail = refusal;
                return;
            }

            _last = refusal.Reason == FlowReason.KernelRefused && _detail is not null ? _detail : refusal;
            _detail = null;

            // What tc does not support is not named behind a batch.
            if (!line.Message.Contains("Operation not supported", StringComparison.Ordinal))
            {
                _ofBatch = _last;
                _reasons.Add(_last.Reason);
            }
        }

        private void Begin()
        {
            _reasons.Clear();
            (_detail, _last, _ofBatch, _time) = (null, null, null, null);
            (_named, _refused, _incomplete) = (false, false, false);
        }
    }
}
