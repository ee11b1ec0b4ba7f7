using OvsOffload.Platform;

#pragma warning disable RS0030 // Of a log there is only the wall clock of whoever wrote it.

namespace OvsOffload.Host;

/// <summary>Which lines of ovs-vswitchd's log still count.</summary>
internal static class SwitchLog
{
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    /// <summary>Whether a line is of the last hour; one without a time counts.</summary>
    public static bool IsRecent(DaemonLogLine line, HostState state) =>
        line.Time is not { } time || state.ReadAt - time <= Recent;

    /// <summary>The lines of the last hour, since the boot.</summary>
    public static IEnumerable<DaemonLogLine> OfLastHour(HostState state) =>
        SinceBoot(state).Where(line => IsRecent(line, state));

    /// <summary>
    /// Its lines since the boot: it outlives a reboot into another kernel, and what that one refused is history. A line
    /// without a time counts.
    /// </summary>
    public static IEnumerable<DaemonLogLine> SinceBoot(HostState state)
    {
        DateTimeOffset? boot = state.Kernel.Facts.Uptime.TryGet(out TimeSpan uptime) ? state.ReadAt - uptime : null;
        return state.OpenVSwitch.Log.ValueOrDefault()?.Lines
            .Where(line => boot is null || line.Time is null || line.Time >= boot) ?? [];
    }
}
