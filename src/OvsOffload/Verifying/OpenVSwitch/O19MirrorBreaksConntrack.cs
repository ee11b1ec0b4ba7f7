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
        "a mirror and conntrack flows do not go together on this NIC",
        """
        A mirror of Open vSwitch adds a second output to each flow. ConnectX-5 and BlueField cannot do that together
        with conntrack: NVIDIA's documents say that port mirroring on them breaks it. Flows with both then stay in
        software. ConnectX-6 Dx and later can.

        It is a fault where a bridge has a mirror, the NIC is of such a generation, and act_ct shows that flows with
        conntrack were met; a mirror without them is told as info.
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

        OvsBridge? mirrored = database.Bridges.FirstOrDefault(bridge => bridge.Mirrors > 0);
        PhysicalFunction? old = input.State.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev
            && pf.Model.Generation.SecurityGroups == SecurityGroupClass.Disable);
        if (mirrored is null || old is null)
        {
            return [Ok(Objects.Switch, mirrored is null
                ? $"ovs-vsctl list Mirror: none on {database.Bridges.Count} bridges"
                : "no PF in switchdev mode is of a generation that a mirror disturbs")];
        }

        if (!input.State.Kernel.Facts.Modules.TryGet(out IReadOnlySet<string>? modules))
        {
            return [Skip(Objects.Switch, $"/proc/modules: {input.State.Kernel.Facts.Modules.Why}")];
        }

        bool tracked = modules.Contains("act_ct");
        return
        [
            Found(tracked ? input.ErrorIfOffloadIsWanted : FindingStatus.Info, $"bridge {mirrored.Name}",
                tracked
                    ? $"flows with conntrack are not offloaded on {old.Model.Name} beside a mirror"
                    : "it has a mirror",
                $"ovs-vsctl get Bridge {mirrored.Name} mirrors: {mirrored.Mirrors}; {old.Address}: {old.Model.Name}; "
                    + $"/proc/modules: act_ct {(tracked ? "is loaded" : "is not loaded")}",
                "this generation of NIC cannot copy packets and track connections in one flow",
                $"ovs-vsctl clear Bridge {mirrored.Name} mirrors when it is no longer needed; or ConnectX-6 Dx"),
        ];
    }
}
