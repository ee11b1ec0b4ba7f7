using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Who uses RDMA on this host: processes that have a device's verbs node open, and the queue pairs of processes and of
/// the kernel's own storage. The RDMA device goes away with its VF, and with a change of its e-switch's mode, under
/// whoever uses it.
/// </summary>
/// <param name="opened">The files below <c>/dev/infiniband</c> that are open.</param>
/// <param name="queuePairs">All queue pairs.</param>
/// <param name="commandOf">Names a process.</param>
internal sealed class RdmaUsers(
    OpenFilesResult opened, Reading<IReadOnlyList<RdmaQueuePair>> queuePairs, Func<int, string> commandOf)
{
    /// <summary>Where the nodes are by which processes reach RDMA devices.</summary>
    private const string Folder = "/infiniband/";

    /// <summary>Where there is no RDMA device.</summary>
    public static readonly RdmaUsers None =
        new(new OpenFilesResult([], null), Reading.Known<IReadOnlyList<RdmaQueuePair>>([]), _ => "?");

    /// <summary>
    /// Whether a descriptor may be open for an RDMA device, by what its link says: a container has a /dev of its own,
    /// in which the node may have another number in its name.
    /// </summary>
    public static bool IsCandidate(string target) => target.Contains(Folder, StringComparison.Ordinal);

    /// <summary>What a link says as the host would name the node.</summary>
    public static string NodeByName(string target) =>
        "/dev" + target[target.LastIndexOf(Folder, StringComparison.Ordinal)..];

    /// <summary>
    /// Who uses the RDMA devices of a function; absent when nobody does, failed when it cannot be told.
    /// </summary>
    public Reading<Holder> Of(PciFunction function)
    {
        if (function.RdmaDevices.IsAbsent)
        {
            return Reading.Absent<Holder>("no RDMA device");
        }

        if (function.RdmaDevices.IsFailed || function.VerbsNodes.IsFailed)
        {
            return Reading.Failed<Holder>(
                function.RdmaDevices.IsFailed ? function.RdmaDevices.Why : function.VerbsNodes.Why);
        }

        IReadOnlyList<string> nodes = function.VerbsNodes.ValueOr([]);
        if (opened.Files.FirstOrDefault(file => nodes.Contains(file.Target)) is { } open)
        {
            return Held($"{open.Command} (pid {open.Pid}) has {open.Target} open", open.Pid);
        }

        IReadOnlyList<string> devices = function.RdmaDevices.Value;
        if (!queuePairs.TryGet(out IReadOnlyList<RdmaQueuePair>? all))
        {
            return Reading.Failed<Holder>($"cannot read the users of {devices[0]}: {queuePairs.Why}");
        }

        if (all.FirstOrDefault(pair => devices.Contains(pair.Device) && !pair.IsOwn) is { } used)
        {
            string user = used switch
            {
                { Pid: { } pid } => $"{commandOf(pid)} (pid {pid})",
                { Module: { } module } => $"the kernel module {module}",
                _ => "an unknown program",
            };
            return Held($"{user} has RDMA connections over {used.Device}", used.Pid);
        }

        return opened.Incomplete is { } incomplete
            ? Reading.Failed<Holder>($"cannot read the users of {devices[0]}: {incomplete}")
            : Reading.Absent<Holder>("its RDMA device is not in use");
    }

    private static Reading<Holder> Held(string description, int? pid) =>
        Reading.Known(new Holder(HolderKind.Rdma, description) { Processes = pid is { } one ? [one] : [] });
}
