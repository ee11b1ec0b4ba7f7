using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Judges whether a bond is in hardware: by the driver's debugfs files, else by the kernel's log, else it cannot be
/// told. Pure.
/// </summary>
internal static class VfLagProof
{
    /// <summary>What is proven.</summary>
    /// <param name="members">The bond's members, with the PF of each; null for a device that is no uplink.</param>
    /// <param name="lags">What mlx5 shows of each PF.</param>
    /// <param name="kernel">The kernel's release and log.</param>
    public static VfLag Of(
        ImmutableArray<(NetDevice Device, PhysicalFunction? Pf)> members,
        ImmutableArray<Reading<Mlx5Lag>> lags,
        KernelState kernel)
    {
        if (members.IsEmpty)
        {
            return VfLag.Inactive("the bond has no members", "ip link show master BOND: empty");
        }

        if (members.FirstOrDefault(member => member.Pf is null) is { Device: { } stranger })
        {
            return VfLag.Inactive($"member {stranger.Name} is not the uplink of a PF", $"ip link show {stranger.Name}");
        }

        ImmutableArray<PhysicalFunction> pfs = [.. members.Select(member => member.Pf!)];
        if (pfs.FirstOrDefault(pf => pf.Model.IsKnown && pf.Model[NicFeature.VfLag] == SupportLevel.None) is { } unable)
        {
            return VfLag.Inactive($"{unable.Model.Name} does not support "
                + "VF-LAG", $"{unable.Address}: {unable.Model.Id}");
        }

        return pfs.All(pf => pf.IsMlx5) ? OfMlx5(members, pfs, lags, kernel) : OfLog(members, pfs, kernel);
    }

    private static VfLag OfMlx5(
        ImmutableArray<(NetDevice Device, PhysicalFunction? Pf)> members, ImmutableArray<PhysicalFunction> pfs,
        ImmutableArray<Reading<Mlx5Lag>> lags, KernelState kernel)
    {
        for (int i = 0; i < lags.Length; i++)
        {
            if (lags[i].TryGet(out Mlx5Lag? lag))
            {
                if (Judge(lag, pfs) is { } other)
                {
                    return lag.IsActive ? other : Inactive(other, members, pfs, kernel);
                }
            }
            else if (lags[i].IsAbsent && AlwaysShowsLag(kernel))
            {
                return VfLag.Inactive(
                    "the firmware offers no LAG of the card's ports (a single port, or NUM_OF_VFS above 64)",
                    $"{pfs[i].Address}: {lags[i].Why}");
            }
            else
            {
                VfLag logged = OfLog(members, pfs, kernel);
                return logged.State == VfLagState.Unknown
                    ? VfLag.Undetermined($"{lags[i].Why}; {logged.Why}")
                    : logged;
            }
        }

        Mlx5Lag proof = lags[0].Value;
        return VfLag.Active($"{proof.Directory}/state: active; type: {proof.Type.Value}"
            + (proof.PortSelection.TryGet(out string? selection) ? $"; port_sel_mode: {selection}" : "")
            + (proof.Mapping.TryGet(out ImmutableArray<string> mapping)
                ? $"; mapping: {string.Join(' ', mapping)}"
                : ""));
    }

    /// <summary>Why a LAG that mlx5 shows is not this bond's; null where it is.</summary>
    private static VfLag? Judge(Mlx5Lag lag, ImmutableArray<PhysicalFunction> pfs)
    {
        if (!lag.IsActive)
        {
            return VfLag.Inactive("the driver did not activate VF-LAG", $"{lag.Directory}/state: disabled");
        }

        if (!lag.Type.TryGet(out string? type))
        {
            return VfLag.Undetermined(lag.Type.Why);
        }

        if (type != Mlx5Lag.VfLagType)
        {
            return VfLag.Inactive(
                type == "roce"
                    ? "it is a RoCE LAG: the e-switches are not in switchdev mode"
                    : $"it is a LAG of type {type}",
                $"{lag.Directory}/type: {type}");
        }

        if (!lag.Members.TryGet(out ImmutableArray<PciAddress> ports))
        {
            return VfLag.Undetermined(lag.Members.Why);
        }

        return pfs.Select(pf => pf.Address).ToHashSet().SetEquals(ports)
            ? null
            : VfLag.Inactive("the LAG's ports differ from the bond's "
                + "members", $"{lag.Directory}/members: {string.Join(' ', ports)}");
    }

    /// <summary>debugfs shows that there is none; where the log says why, that comes with it.</summary>
    private static VfLag Inactive(
        VfLag shown, ImmutableArray<(NetDevice Device, PhysicalFunction? Pf)> members,
        ImmutableArray<PhysicalFunction> pfs, KernelState kernel) =>
        OfLog(members, pfs, kernel) is { State: VfLagState.Inactive } logged
            ? VfLag.Inactive(logged.Why!, $"{shown.Evidence}; {logged.Evidence}")
            : shown;

    private static VfLag OfLog(
        ImmutableArray<(NetDevice Device, PhysicalFunction? Pf)> members, ImmutableArray<PhysicalFunction> pfs,
        KernelState kernel)
    {
        // RoCE LAG writes the same lines, so in legacy mode they say nothing of a VF-LAG.
        if (pfs.FirstOrDefault(pf => pf.Mode is { } mode && mode != EswitchMode.Switchdev) is { } legacy)
        {
            return VfLag.Inactive(
                $"{legacy.Address} is not in switchdev mode",
                $"devlink dev eswitch show pci/{legacy.Address}: mode {legacy.Mode!.Value.ToName()}");
        }

        return VfLagLog.Of(
            kernel.Log,
            [
                .. pfs.Select(pf => pf.Address.ToString()),
                .. members.Select(member => $"(slave {member.Device.Name})"),
            ]);
    }

    /// <summary>debugfs has <c>lag/</c> since 5.19, so from then on a PF without it has no LAG to offer.</summary>
    private static bool AlwaysShowsLag(KernelState kernel) =>
        kernel.Facts.Release.TryGet(out KernelRelease? release) && release.IsAtLeast(5, 19);
}
