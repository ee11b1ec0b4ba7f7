using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A bond is not in hardware.</summary>
internal sealed class B06VfLagInactive : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B06",
        "vf-lag-inactive",
        CheckSeverity.Error,
        "the bond is not in hardware",
        """
        With VF-LAG active the NIC treats its ports as one: rules are in all of them, and a VF's packets leave by
        whichever port the bond uses. Without, a VF loses its traffic with its own port, and what arrives by the other
        port goes through the host's CPU.

        mlx5 refuses without a message for a dozen reasons, so only its debugfs files (lag/state, lag/type), else the
        kernel's log, tell. Where neither says anything this check is skipped, never ok. The reasons left when the bond
        itself is right (B01 to B05, B07): an e-switch still in legacy mode, different modes, or VFs that were bound to
        a driver when the bond was made.
        """);

    /// <summary>The check that has the cause.</summary>
    private static string? Explained(BondState bond, VerifyInput input) =>
        B01BondModeNotOffloadable.IsSo(bond) ? "B01"
        : B03BondWithStranger.IsSo(bond) ? "B03"
        : B02BondOfTwoCards.IsSo(bond, input) ? "B02"
        : B04BondLacksPort.IsSo(bond, input) ? "B04"
        : B05NoLagInFirmware.IsSo(bond, input) ? "B05"
        : B07RoceLag.IsSo(bond) ? "B07"
        : PfsOf(bond, input).Any(pf => pf.Driver == "ice") ? "B21"
        : PfsOf(bond, input).Any(pf => pf.Mode == EswitchMode.Legacy && input.WishOf(pf)?.Mode == NicMode.Switchdev) ? "N02"
        : null;

    private static (string Cause, string Fix) Cause(BondState bond, BondIntent? wish, VerifyInput input)
    {
        var pfs = PfsOf(bond, input);
        if (pfs.FirstOrDefault(pf => pf.Mode is not (null or EswitchMode.Switchdev)) is { } legacy)
        {
            return ($"{legacy.Address} is not in switchdev mode, and all ports of the card have to be",
                $"devlink dev eswitch set pci/{legacy.Address} mode switchdev");
        }

        VirtualFunction[] bound = [.. pfs.SelectMany(pf => pf.VirtualFunctions).Where(vf => vf.Driver is not null)];
        return bound.Length > 0
            ? ($"{bound.Length} VFs are bound to a driver, and a bond goes into hardware only while none is",
                Mend(wish, $"unbind the VFs ({bound[0].Address}, ..), take a member out of {bond.Name} and add it again, wait for "
                    + "lag/state, bind the VFs"))
            : (bond.VfLag.Why ?? "the driver does not say why",
                Mend(wish, $"take a member out of {bond.Name} and add it again, and look at dmesg"));
    }

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.VfLag.State == VfLagState.Active)
        {
            return [Ok(bond.Name, bond.VfLag.Evidence)];
        }

        if (bond.VfLag.State == VfLagState.Unknown)
        {
            return [Skip(bond.Name, $"it cannot be told whether it is in hardware: {bond.VfLag.Why}")];
        }

        if (Explained(bond, input) is { } other)
        {
            return [Skip(bond.Name, $"{bond.VfLag.Evidence}; why: see {other}")];
        }

        var (cause, fix) = Cause(bond, wish, input);
        return [Found(Unless(wish), bond.Name, $"{bond.Name} is not in hardware (VF-LAG)", bond.VfLag.Evidence, cause, fix)];
    }
}
