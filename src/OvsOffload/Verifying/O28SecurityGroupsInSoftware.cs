using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Security groups keep traffic in software on a NIC that cannot offload them.</summary>
internal sealed class O28SecurityGroupsInSoftware : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O28",
        "security-groups-in-software",
        CheckSeverity.Warning,
        "security groups keep traffic out of the NIC",
        """
        Security groups are rules with conntrack. ConnectX-4 cannot offload conntrack at all, ConnectX-5 in part: with
        security groups on, the guests' traffic stays in software on such hosts. Cloud platforms can switch them off
        (Cloudpods: disable_security_group; Neutron: port security), which also takes the filtering away: that is the
        operator's decision, and security-groups: in the configuration says it.

        It is a warning where an agent manages the switch, the module act_ct or nf_conntrack's use shows that such rules
        were met, and the policy is not "keep".
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.Unread(input.State.PhysicalFunctions))];
        }

        if (Objects.UnreadEswitch(input.State) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        PhysicalFunction? old = input.State.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev
            && pf.Model.Generation.SecurityGroups == SecurityGroupClass.Disable);
        if (old is null)
        {
            return [Ok(Objects.Switch, "no PF in switchdev mode is of a generation that cannot offload conntrack "
                + "well")];
        }

        string evidence = $"{old.Address}: {old.Model.Name} ({old.Model.Id})";
        if (input.State.OpenVSwitch.Agents.IsEmpty)
        {
            return [Ok(Objects.Switch, $"{evidence}; no agent manages the switch")];
        }

        if (!input.State.Kernel.Facts.Modules.TryGet(out IReadOnlySet<string>? modules))
        {
            return [Skip(Objects.Switch, $"{evidence}; /proc/modules: {input.State.Kernel.Facts.Modules.Why}")];
        }

        if (!modules.Contains("act_ct"))
        {
            return [Ok(Objects.Switch, $"{evidence}; /proc/modules: act_ct is not loaded, so no flow tracks "
                + "connections")];
        }

        bool keep = input.Intent.SecurityGroups.Policy == SecurityGroupPolicy.Keep;
        return
        [
            Found(keep ? FindingStatus.Info : FindingStatus.Warning, Objects.Switch,
                $"{old.Model.Name} offloads no, or few, flows of security groups",
                $"{evidence}; /proc/modules: act_ct is loaded; {input.State.OpenVSwitch.Agents[0]}",
                "rules with conntrack are in use on a NIC that cannot carry them",
                "Cloudpods: disable_security_group: true for this host; Neutron: port_security_enabled=False on the "
                    + "ports; or ConnectX-6 Dx and later. It takes the filtering away"),
        ];
    }
}
