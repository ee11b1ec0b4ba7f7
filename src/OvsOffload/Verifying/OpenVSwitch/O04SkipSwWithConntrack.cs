using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>tc-policy=skip_sw keeps conntrack flows out of the NIC.</summary>
internal sealed class O04SkipSwWithConntrack : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O04",
        "skip-sw-with-conntrack",
        CheckSeverity.Error,
        "tc-policy=skip_sw with conntrack flows",
        """
        tc-policy=skip_sw tells tc to put a flow into hardware or nowhere. Connection tracking cannot work so: a
        connection is first seen by the kernel's conntrack in software, and only then offloaded, so with skip_sw no flow
        with ct is ever offloaded. Every flow that the NIC refuses goes to the slow datapath as well.

        That such flows were tried shows by the module act_ct, which tc loads with the first one. Without it skip_sw is
        told as info: none is the better choice all the same.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        string? policy = database.OtherConfig.GetValueOrDefault("tc-policy");
        string evidence = $"ovs-vsctl get Open_vSwitch . other_config:tc-policy: {policy ?? "not set"}";
        if (policy != "skip_sw")
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
            Found(tracked ? input.ErrorIfOffloadIsWanted : FindingStatus.Info, Objects.Switch,
                tracked ? "conntrack flows cannot be offloaded with tc-policy=skip_sw" : "tc-policy is skip_sw",
                $"{evidence}; /proc/modules: act_ct {(tracked ? "is loaded" : "is not loaded")}",
                "a connection has to pass the kernel's conntrack in software before it can be offloaded",
                "ovs-vsctl set Open_vSwitch . other_config:tc-policy=none"),
        ];
    }
}
