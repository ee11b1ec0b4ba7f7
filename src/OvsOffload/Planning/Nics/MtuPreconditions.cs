using System.Net.Sockets;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>What must be so before the MTU of a PF may be set; everything that is not becomes an objection.</summary>
internal static class MtuPreconditions
{
    /// <summary>IPV6_MIN_MTU, linux/ipv6.h: below it the kernel deletes the IPv6 addresses of a device.</summary>
    private const int MinForIPv6 = 1280;

    /// <summary>Whether the MTU may be planned; otherwise the draft says why not.</summary>
    public static bool Hold(NicGoal goal, HostIntent intent, HostState state, PlanDraft draft)
    {
        if (goal.Nic.Mtu is not { } wanted)
        {
            return true;
        }

        if (goal.Pf.Uplink is { } uplink)
        {
            // Not short-circuited: an operator wants to see everything that is in the way at once.
            return Taken(goal, wanted, draft)
                & (uplink.Mtu == wanted || MayChange(goal, uplink, wanted, intent, state, draft));
        }

        // Of a PF without a driver, or that is to be in switchdev mode, NicPreconditions says so already.
        return goal.Pf.Driver is null || goal.Nic.Mode == NicMode.Switchdev
            || (state.Devices.IsKnown
                ? No(goal, draft, ObjectionKind.Refused,
                    "its network device is not in this network namespace, so it is in use elsewhere; move it back "
                        + "first")
                : No(goal, draft, ObjectionKind.Unreadable,
                    $"its network device, whose MTU is configured, could not be read: {state.Devices.Why}"));
    }

    /// <summary>Whether the uplink and every representor that is there accept it.</summary>
    private static bool Taken(NicGoal goal, int wanted, PlanDraft draft)
    {
        foreach (NetDevice device in goal.Pf.VfRepresentors.Select(port => port.Device).Prepend(goal.Pf.Uplink)
            .OfType<NetDevice>())
        {
            if (device.MinMtu is { } least && wanted < least)
            {
                return No(goal, draft, ObjectionKind.Configuration,
                    $"mtu: {wanted} is below the {least} that {device.Name} needs (minmtu of ip -d link show "
                        + $"{device.Name})");
            }

            if (device.MaxMtu is { } most && wanted > most)
            {
                return No(goal, draft, ObjectionKind.Configuration,
                    $"mtu: {wanted} is above the {most} that {device.Name} accepts (maxmtu of ip -d link show "
                        + $"{device.Name})");
            }
        }

        return true;
    }

    private static bool MayChange(
        NicGoal goal, NetDevice uplink, int wanted, HostIntent intent, HostState state, PlanDraft draft)
    {
        bool may = true;
        if (BondOf(uplink, state) is { } bond && !Leaves(bond, intent))
        {
            may = No(goal, draft, ObjectionKind.Refused,
                $"{uplink.Name} is a member of {bond}, which sets the MTU of its members and is not managed here; "
                    + $"remove mtu, and set that of {bond} where it is configured");
        }

        if (state.OpenVSwitch.MtuRequestOf(uplink) is { } request && request != wanted)
        {
            may = No(goal, draft, ObjectionKind.Refused,
                $"Open vSwitch keeps the MTU of {uplink.Name} at {request}, which another program set (mtu_request of "
                    + $"its Interface); remove that first (ovs-vsctl clear Interface {uplink.Name} mtu_request)");
        }

        if (wanted < MinForIPv6 && uplink.AllAddresses
            .FirstOrDefault(one => one.Address.AddressFamily == AddressFamily.InterNetworkV6) is { } address)
        {
            may = No(goal, draft, ObjectionKind.Configuration,
                $"mtu: {wanted} is below the {MinForIPv6} that IPv6 needs, and the kernel would delete {address} "
                    + $"from {uplink.Name}");
        }

        if (Protection.Of(uplink.Name, intent, state) is { } protection)
        {
            may = No(goal, draft, protection.Kind, protection.Refusal(uplink.Name, "changing its MTU"));
        }

        return may;
    }

    /// <summary>The bond that a device is a member of; null for none.</summary>
    private static string? BondOf(NetDevice uplink, HostState state) => state.Devices.ValueOr([])
        .FirstOrDefault(device => device.Index == uplink.Master && device.Kind == "bond")?.Name;

    /// <summary>
    /// Whether a PF leaves its bond: no member of a bond in the configuration has an MTU of its own there.
    /// </summary>
    private static bool Leaves(string bond, HostIntent intent) =>
        intent.Bonds.Any(one => one.Name == bond && one.Managed == Management.Full);

    private static bool No(NicGoal goal, PlanDraft draft, ObjectionKind kind, string text)
    {
        draft.Object(kind, goal.Pf.Address.ToString(), text, goal.Nic.Source["mtu"]);
        return false;
    }
}
