using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>
/// A check of Open vSwitch's daemons themselves, in force wherever Open vSwitch is installed or wanted.
/// </summary>
internal abstract class SwitchLifeCheck : Check
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input) => input.WhySwitch is { } needed
        ? Examine(needed, input.State.OpenVSwitch)
        : [Skip(Objects.Switch, $"this host has no Open vSwitch: {input.State.OpenVSwitch.Database.Why}")];

    /// <summary>Looks at the daemons.</summary>
    /// <param name="needed">Why they have to answer.</param>
    /// <param name="state">What was read of them.</param>
    protected abstract IEnumerable<Finding> Examine(string needed, OpenVSwitchState state);

    /// <summary>A daemon did not answer; skipped where it only refuses this user.</summary>
    protected IEnumerable<Finding> Down(
        string needed, OpenVSwitchState state, string why, string? there, string cause) => SwitchDown.IsRefused(why)
        ? [Skip(Objects.Switch, why)]
        :
        [
            Found(FindingStatus.Error, Objects.Switch, Info.Title,
                $"{Objects.OneLine(why)}{(there is null ? "" : $"; {there}")}; {needed}", cause,
                $"look for the reason in /var/log/openvswitch and journalctl; then {Restart(state)}"),
        ];

    /// <summary>The command that starts Open vSwitch again on this host.</summary>
    protected static string Restart(OpenVSwitchState state) =>
        (state.Installation.ValueOrDefault()?.Signs ?? [])
            .FirstOrDefault(sign => sign.EndsWith(".service", StringComparison.Ordinal)) is { } unit
            ? $"systemctl restart {unit}"
            : "/usr/share/openvswitch/scripts/ovs-ctl restart, or restart its container";
}
