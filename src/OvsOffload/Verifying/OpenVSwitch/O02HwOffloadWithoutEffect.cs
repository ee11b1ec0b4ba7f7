using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>hw-offload is set and not in force, or in force and not set.</summary>
internal sealed class O02HwOffloadWithoutEffect : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O02",
        "hw-offload-without-effect",
        CheckSeverity.Error,
        "hw-offload is configured but not active",
        """
        The database setting and what ovs-vswitchd does are two facts. Whether offload is active shows in its effects:
        ovs-vswitchd 3.7 and later report it (ovs-appctl dpif/offload/show), earlier ones create an ingress qdisc on
        each port of a kernel datapath, and flows have dp:tc. The daemon's start time proves nothing, because true takes
        effect without a restart; false does not.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        OpenVSwitchState openVSwitch = input.State.OpenVSwitch;
        bool configured = database.OffloadConfigured;
        if (!openVSwitch.Daemon.IsKnown)
        {
            return [Skip(Objects.Switch, $"ovs-vswitchd does not respond: {openVSwitch.Daemon.Why}")];
        }

        if (!openVSwitch.HwOffload.TryGet(out HwOffloadEffect? effect))
        {
            return [Skip(Objects.Switch, (openVSwitch.HwOffload.IsAbsent
                ? "cannot determine whether hw-offload is active: "
                : "cannot read whether hw-offload is active: ") + openVSwitch.HwOffload.Why)];
        }

        return (configured, effect.IsActive) switch
        {
            (true, true) => [Ok(Objects.Switch, effect.Evidence)],
            (false, false) => [Skip(Objects.Switch, "hw-offload is not configured: see O01")],
            (true, false) =>
            [
                Found(input.ErrorIfOffloadExpected, Objects.Switch, "hw-offload is configured but not active",
                    $"other_config:hw-offload=true; {effect.Evidence}",
                    "ovs-vswitchd has not applied the setting, or another program removed its ingress qdiscs",
                    $"{input.Distribution.RestartOpenVSwitch()} (interrupts offloaded traffic briefly)"),
            ],
            (false, true) =>
            [
                Found(FindingStatus.Warning, Objects.Switch, "hw-offload is active but not configured",
                    $"other_config:hw-offload={database.ValueText(SwitchSettings.HwOffloadKey)}; "
                        + $"{effect.Evidence}",
                    "hw-offload=false takes effect only when ovs-vswitchd starts",
                    input.OffloadExpected
                        ? "ovs-vsctl set Open_vSwitch . other_config:hw-offload=true"
                        : input.Distribution.RestartOpenVSwitch()),
            ],
        };
    }
}
