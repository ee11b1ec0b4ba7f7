using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;

namespace OvsOffload.Verifying;

/// <summary>A bond is not in hardware.</summary>
internal sealed class B06VfLagInactive : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B06",
        "vf-lag-inactive",
        CheckSeverity.Error,
        "VF-LAG is not active",
        """
        With VF-LAG active the NIC treats its ports as one: rules are in all of them, and a VF's packets leave through
        whichever port the bond uses. Without it, a VF loses connectivity with its own port, and traffic that arrives on
        the other port goes through the host's CPU.

        mlx5 refuses without a message for a dozen reasons, so only its debugfs files (lag/state, lag/type) or the
        kernel log show the state. If neither does, the state is unknown and this check is skipped, never ok. The
        remaining reasons when the bond itself is correct (B01 to B05, B07): an e-switch still in legacy mode, different
        modes, or VFs that were bound to a driver when the bond was created.
        """);

    /// <summary>The check that has the cause.</summary>
    private static string? CauseCheck(BondState bond, Observation input) =>
        B01BondModeNotOffloadable.IsSo(bond) ? "B01"
        : B03BondWithStranger.IsSo(bond) ? "B03"
        : B02BondOfTwoCards.IsSo(bond, input) ? "B02"
        : B04BondLacksPort.IsSo(bond, input) ? "B04"
        : B05NoLagInFirmware.IsSo(bond, input) ? "B05"
        : B07RoceLag.IsSo(bond) ? "B07"
        : PfsOf(bond, input).Any(pf => pf.Driver == DriverNames.Ice) ? "B21"
        : PfsOf(bond, input).Any(pf => pf.Mode == EswitchMode.Legacy && input.IntentOf(pf)?.Mode == NicMode.Switchdev)
            ? "N02"
        : null;

    private static (string Cause, string Fix) Cause(BondState bond, BondIntent? intent, Observation input)
    {
        ImmutableArray<PhysicalFunction> pfs = PfsOf(bond, input);
        if (pfs.FirstOrDefault(pf => pf.Mode is not (null or EswitchMode.Switchdev)) is { } legacy)
        {
            return ($"{legacy.Address} is not in switchdev mode; all ports of the card have to be",
                $"devlink dev eswitch set pci/{legacy.Address} mode switchdev");
        }

        VirtualFunction[] bound = [.. pfs.SelectMany(pf => pf.VirtualFunctions).Where(vf => vf.Driver is not null)];
        return bound.Length > 0
            ? ($"{bound.Length} VFs are bound to a driver; VF-LAG becomes active only while none is",
                FixFor(intent, $"unbind the VFs ({bound[0].Address}, ..), remove a member from {bond.Name} and add it "
                    + "again, wait for lag/state, bind the VFs"))
            : (bond.VfLag.Why ?? "the driver gives no reason",
                FixFor(intent, $"remove a member from {bond.Name} and add it again, then check dmesg"));
    }

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.VfLag.State == VfLagState.Active)
        {
            return [Ok(bond.Name, bond.VfLag.Evidence)];
        }

        if (bond.VfLag.State == VfLagState.Unknown)
        {
            return [Skip(bond.Name, $"cannot determine whether VF-LAG is active: {bond.VfLag.Why}")];
        }

        if (CauseCheck(bond, input) is { } other)
        {
            return [Skip(bond.Name, $"{bond.VfLag.Evidence}; cause: see {other}")];
        }

        (string? cause, string? fix) = Cause(bond, intent, input);
        return [Found(SeverityFor(intent), bond.Name, $"VF-LAG of {bond.Name} is not "
            + "active", bond.VfLag.Evidence, cause, fix)];
    }
}
