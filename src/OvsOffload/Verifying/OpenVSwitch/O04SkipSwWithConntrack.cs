using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>tc-policy=skip_sw keeps conntrack flows out of the NIC.</summary>
internal sealed class O04SkipSwWithConntrack : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O04",
        "skip-sw-with-conntrack",
        CheckSeverity.Error,
        "tc-policy=skip_sw disables offload of conntrack flows",
        """
        With tc-policy=skip_sw tc puts a flow into hardware or nowhere. Connection tracking cannot work that way: a
        connection has to pass through the kernel's conntrack in software before it is offloaded, so with skip_sw no
        flow with ct is ever offloaded. Every flow that the NIC rejects goes to the slow datapath as well.

        The module act_ct, which tc loads with the first such flow, shows that there were any. Without it skip_sw is
        reported as info: none is the better choice anyway.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        string evidence =
            $"ovs-vsctl get Open_vSwitch . other_config:tc-policy: {database.ValueText(SwitchSettings.TcPolicyKey)}";
        if (database.Settings.TcPolicy != TcPolicy.SkipSw)
        {
            return [Ok(Objects.Switch, evidence)];
        }

        if (!input.State.Kernel.Facts.Modules.TryGet(out IReadOnlySet<string>? modules))
        {
            return [Skip(Objects.Switch, $"{evidence}; /proc/modules: {input.State.Kernel.Facts.Modules.Why}")];
        }

        bool tracked = modules.Contains("act_ct");
        return
        [
            Found(tracked ? input.ErrorIfOffloadExpected : FindingStatus.Info, Objects.Switch,
                tracked ? "conntrack flows cannot be offloaded with tc-policy=skip_sw" : "tc-policy is skip_sw",
                $"{evidence}; /proc/modules: act_ct {(tracked ? "is loaded" : "is not loaded")}",
                "a connection has to pass through the kernel's conntrack in software before it can be offloaded",
                "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none"),
        ];
    }
}
