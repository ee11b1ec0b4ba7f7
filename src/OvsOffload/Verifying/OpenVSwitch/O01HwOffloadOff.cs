using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch is not told to offload.</summary>
internal sealed class O01HwOffloadOff : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O01",
        "hw-offload-off",
        CheckSeverity.Error,
        "hw-offload is not configured",
        """
        Open vSwitch passes flows to tc, and thereby to the NIC, only if other_config:hw-offload in its database is
        true. The default is false. Setting it to true takes effect at once for new flows; cached flows stay where they
        are until they expire or are deleted with ovs-appctl revalidator/purge. Setting it back to false needs a restart
        of ovs-vswitchd.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        string evidence = "ovs-vsctl get Open_vSwitch . other_config:hw-offload: "
            + database.ValueText(SwitchSettings.HwOffloadKey);
        if (database.OffloadConfigured)
        {
            return [Ok(Objects.Switch, evidence)];
        }

        return input.OffloadExpected
            ? [Found(FindingStatus.Error, Objects.Switch, "hw-offload is not configured in Open vSwitch",
                $"{evidence}; {input.OffloadReason}",
                "without hw-offload=true ovs-vswitchd passes no flow to tc",
                input.Intent.OpenVSwitch.HwOffload == true
                    ? "ovs-offload apply"
                    : "ovs-vsctl set Open_vSwitch . other_config:hw-offload=true, then ovs-appctl revalidator/purge")]
            : [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
    }
}
