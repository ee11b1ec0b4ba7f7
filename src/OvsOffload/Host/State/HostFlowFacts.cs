using System.Collections.Immutable;
using System.Text;
using OvsOffload.Flows;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>Makes the facts that reasons are decided by out of what was read of the host. Pure.</summary>
internal static class HostFlowFacts
{
    /// <summary>A refusal that is older says nothing of the flows of now.</summary>
    private static readonly TimeSpan LogAge = TimeSpan.FromHours(1);

    /// <summary>What is known of the daemon's log.</summary>
    public static OffloadLog LogOf(HostState state) => new(
        OffloadLog.VersionOf(state.OpenVSwitch.Daemon.ValueOrDefault()
            ?? state.OpenVSwitch.Database.ValueOrDefault()?.OvsVersion),
        state.OpenVSwitch.LogModules);

    /// <summary>The facts of a host; <see cref="FlowReasonFacts.None"/> where it could not be read.</summary>
    public static FlowReasonFacts Of(HostState? state)
    {
        if (state is null)
        {
            return FlowReasonFacts.None;
        }

        KernelConfiguration? kernel = state.Kernel.Facts.Configuration.ValueOrDefault();
        OpenVSwitchDatabase? database = state.OpenVSwitch.Database.ValueOrDefault();
        return new FlowReasonFacts
        {
            HwOffload = HwOffload(state.OpenVSwitch, database),
            TcPolicy = database?.Settings.TcPolicy,
            RecircSharing = kernel?.IsOn("NET_TC_SKB_EXT"),
            ConntrackOffload = ConntrackSupport.Of(state),
            OvsVersion = LogOf(state).Version,
            LogModules = state.OpenVSwitch.LogModules,
            Kernel = state.Kernel.Facts.Release.TryGet(out KernelRelease? release) && !release.IsEnterpriseBackport
                ? new KernelVersion(release.Major, release.Minor)
                : null,
            CtStates = CtStates(state),
            Ports = HostFlowPorts.Of(state, database),
            LocalAddresses = HostFlowPorts.AddressesOf(state),
            Logged = Logged(state),
            LoggedFlows = LoggedFlows.Of(SwitchLog.OfLastHour(state), OfDaemon),
        };
    }

    private static bool? HwOffload(OpenVSwitchState openVSwitch, OpenVSwitchDatabase? database) =>
        openVSwitch.HwOffload.ValueOrDefault() is { } effect ? effect.IsActive
            : database is null ? null
            : database.OffloadConfigured ? null
            : false;

    /// <summary>Written once, when ovs-vswitchd first looks at tc: the last of them counts.</summary>
    private static SupportedCtStates? CtStates(HostState state)
    {
        const string Begin = "probe tc: supported ovs ct_state bits: ";
        string? line = SwitchLog.SinceBoot(state).Select(one => one.Message)
            .LastOrDefault(message => message.StartsWith(Begin, StringComparison.Ordinal));
        byte[] number = line is null ? [] : Encoding.UTF8.GetBytes(line[Begin.Length..].Trim());
        return FlowNumber.TryRead(number, out ulong bits)
            ? new SupportedCtStates(bits, $"ovs-vswitchd.log: {line}")
            : null;
    }

    private static ImmutableArray<LoggedRefusal> Logged(HostState state)
    {
        // Of the same words about the same device the newest count.
        var newest = new Dictionary<(FlowReason, string?, string?), LoggedRefusal>();
        IEnumerable<LoggedRefusal> ofDaemon = SwitchLog.OfLastHour(state).Select(OfDaemon).OfType<LoggedRefusal>();
        foreach (LoggedRefusal refusal in OfKernel(state).Concat(ofDaemon))
        {
            newest[(refusal.Reason, refusal.Device, refusal.Pf?.ToString())] = refusal;
        }

        return [.. newest.Values];
    }

    private static IEnumerable<LoggedRefusal> OfKernel(HostState state)
    {
        TimeSpan since = state.Kernel.Facts.Uptime.TryGet(out TimeSpan uptime) ? uptime - LogAge : TimeSpan.Zero;
        foreach (KernelLogRecord record in state.Kernel.Log.ValueOr([]).Where(record => record.SinceBoot >= since))
        {
            PhysicalFunction? pf = state.KnownFunctions
                .FirstOrDefault(one => record.Text.Contains(one.Address.ToString(), StringComparison.Ordinal));
            string? device = pf is null ? FirstOfDevices(record.Text) : null;
            if ((pf is not null || device is not null) && RefusalMessages.Find(record.Text) is { } refusal)
            {
                yield return new LoggedRefusal(
                    refusal.Reason, device, pf?.Address, $"kernel log: {record.Text}", true)
                {
                    IsOfPair = device is not null,
                };
            }
        }
    }

    private static LoggedRefusal? OfDaemon(DaemonLogLine line)
    {
        bool isNetlink = line.Module.StartsWith("netlink_socket", StringComparison.Ordinal);
        bool isOffload = line.Message.Contains("offload", StringComparison.OrdinalIgnoreCase)
            || line.Module.Contains("offload", StringComparison.Ordinal);
        string? words = isNetlink ? ExtackOf(line.Message) : isOffload ? line.Message : null;
        return words is not null && RefusalMessages.Find(words) is { } refusal
            ? new LoggedRefusal(
                refusal.Reason, DeviceOf(line.Message), null, $"ovs-vswitchd.log: {line.Message}", refusal.ByNic)
            : null;
    }

    /// <summary>The kernel's own words in <c>received NAK error=95 - mlx5_core: Unsupported key</c>
    /// (lib/netlink-socket.c); null where the kernel said no more than the error's number.</summary>
    private static string? ExtackOf(string message)
    {
        const string Begin = "received NAK error=", Between = " - ";
        int at = message.StartsWith(Begin, StringComparison.Ordinal)
            ? message.IndexOf(Between, StringComparison.Ordinal)
            : -1;
        string words = at < 0 ? "" : message[(at + Between.Length)..];
        return words is "" or "Operation not supported" or "No space left on device" ? null : words;
    }

    /// <summary>The netdev that packets come from in <c>mlx5_core: devices eth5 eth6 not on same switch HW, ..</c>
    /// (mlx5/core/en/tc/act/mirred.c); null where the line is none of these.</summary>
    private static string? FirstOfDevices(string text)
    {
        const string Begin = "devices ";
        int at = text.IndexOf(Begin, StringComparison.Ordinal);
        string[] words = at < 0 ? [] : text[(at + Begin.Length)..].Split(' ', 3);
        return words.Length == 3 ? words[0] : null;
    }

    /// <summary>The netdev at the end of <c>failed to offload flow: Operation not supported: eth5</c>.</summary>
    private static string? DeviceOf(string message)
    {
        const string Begin = "failed to offload flow: ";
        int colon = message.LastIndexOf(": ", StringComparison.Ordinal);
        return message.StartsWith(Begin, StringComparison.Ordinal) && colon > Begin.Length
            ? message[(colon + 2)..].Trim()
            : null;
    }
}
