using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>tc-policy keeps every rule out of the NIC.</summary>
internal sealed class O03TcPolicySkipHw : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O03",
        "tc-policy-skip-hw",
        CheckSeverity.Error,
        "tc-policy=skip_hw disables hardware offload",
        """
        other_config:tc-policy selects the flag that Open vSwitch sets on its tc rules. none (the default) puts a rule
        into software and, if the NIC accepts it, into hardware. skip_sw puts it into hardware only, which rules out
        connection tracking. skip_hw, meant for tests, puts it into the kernel's tc only: no flow is ever offloaded. The
        policy is read once, when offload starts, so a change needs a restart of ovs-vswitchd.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        string evidence =
            $"ovs-vsctl get Open_vSwitch . other_config:tc-policy: {database.ValueText(SwitchSettings.TcPolicyKey)}";
        return database.Settings.TcPolicy == TcPolicy.SkipHw
            ? [Found(input.ErrorIfOffloadExpected, Objects.Switch,
                "tc-policy=skip_hw disables hardware offload", evidence,
                "with skip_hw tc does not pass rules to the NIC",
                "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none, then "
                    + $"{input.Distribution.RestartOpenVSwitch()}")]
            : [Ok(Objects.Switch, evidence)];
    }
}
