using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A mirror on a ConnectX-5 keeps conntrack flows from being offloaded.</summary>
internal sealed class O19MirrorBreaksConntrack : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O19",
        "mirror-breaks-conntrack",
        CheckSeverity.Error,
        "this NIC cannot offload conntrack flows with a mirror",
        """
        A mirror adds a second output to each flow. ConnectX-5 and BlueField cannot do that together with conntrack:
        NVIDIA documents that port mirroring breaks it. Flows with both stay in software. ConnectX-6 Dx and later
        support it.

        It is an error if a bridge has a mirror, the NIC is of such a generation, and act_ct shows that there were flows
        with conntrack; a mirror without them is reported as info.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        if (Objects.UnreadableEswitch(input.State) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        OvsBridge? mirrored = database.Bridges.FirstOrDefault(bridge => bridge.Mirrors > 0);
        PhysicalFunction? old = input.State.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev
            && pf.Model.Generation.SecurityGroups == SecurityGroupClass.Disable);
        if (mirrored is null || old is null)
        {
            return [Ok(Objects.Switch, mirrored is null
                ? $"ovs-vsctl list Mirror: no mirror on {database.Bridges.Count} bridges"
                : "no PF in switchdev mode is affected by a mirror")];
        }

        if (!input.State.Kernel.Facts.Modules.TryGet(out IReadOnlySet<string>? modules))
        {
            return [Skip(Objects.Switch, $"/proc/modules: {input.State.Kernel.Facts.Modules.Why}")];
        }

        bool tracked = modules.Contains("act_ct");
        return
        [
            Found(tracked ? input.ErrorIfOffloadExpected : FindingStatus.Info, $"bridge {mirrored.Name}",
                tracked
                    ? $"a mirror prevents offload of conntrack flows on {old.Model.Name}"
                    : "the bridge has a mirror",
                $"ovs-vsctl get Bridge {mirrored.Name} mirrors: {mirrored.Mirrors}; {old.Address}: {old.Model.Name}; "
                    + $"/proc/modules: act_ct {(tracked ? "is loaded" : "is not loaded")}",
                "this NIC generation cannot copy packets and track connections in one flow",
                $"ovs-vsctl clear Bridge {mirrored.Name} mirrors when it is no longer needed; or use ConnectX-6 Dx or "
                    + "later"),
        ];
    }
}
