using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Host;

/// <summary>
/// Whether ovs-vswitchd has to be restarted for a setting to take effect. Measured on Open vSwitch 3.1 to 4.0:
/// hw-offload true takes effect at once, false only when it starts; tc-policy is read once, when offload begins. Pure.
/// </summary>
internal static class SwitchRestart
{
    /// <summary>
    /// Why it has to be, once the database holds what the configuration wants; null where it has not, and where the
    /// database could not be read. A daemon that does not run needs no restart.
    /// </summary>
    /// <param name="wanted">What the configuration says; of what it leaves open nothing is said.</param>
    /// <param name="state">What is.</param>
    public static string? Why(OpenVSwitchIntent wanted, OpenVSwitchState state)
    {
        if (!state.Daemon.IsKnown || !state.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return null;
        }

        SwitchSettings now = database.Settings;
        return ForOffload(wanted.HwOffload, now, state.HwOffload.ValueOrDefault()) ?? ForPolicy(wanted.TcPolicy, now);
    }

    /// <summary>
    /// The same for the database as it is: what it says of hw-offload and what ovs-vswitchd does are not the same.
    /// </summary>
    public static string? Why(OpenVSwitchState state) =>
        Why(new OpenVSwitchIntent { HwOffload = state.Database.ValueOrDefault()?.OffloadConfigured }, state);

    private static string? ForOffload(bool? wanted, SwitchSettings now, HwOffloadEffect? effect) =>
        (wanted, effect) switch
        {
            (false, { IsActive: true }) =>
                $"hw-offload: false takes effect only when ovs-vswitchd starts ({effect.Evidence})",
            (false, _) when now.HwOffload => "hw-offload: false takes effect only when ovs-vswitchd starts",
            (true, { IsActive: false }) when now.HwOffload =>
                $"hw-offload is set and has no effect ({effect.Evidence})",
            _ => null,
        };

    private static string? ForPolicy(TcPolicy? wanted, SwitchSettings now) =>
        wanted is { } policy && policy != now.TcPolicy && now.HwOffload
            ? "tc-policy is read once, when offload begins"
            : null;
}
