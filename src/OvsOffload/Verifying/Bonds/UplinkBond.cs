using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>Tells which bond a PF's uplink is in, or is to be in.</summary>
internal static class UplinkBond
{
    /// <summary>The bond that the uplink is a slave of, else the one that the configuration wants; null for
    /// none.</summary>
    public static string? Of(PhysicalFunction pf, Observation input) =>
        input.State.Devices.ValueOr([])
            .FirstOrDefault(device => device.Index == pf.Uplink?.Master && device.Kind == Bond.LinkKind)?.Name
        ?? input.Intent.Bonds
            .FirstOrDefault(bond => bond.Members.Any(pf.Matches))?.Name;

    /// <summary>
    /// The bond that the uplink is in and that is in hardware; null for none, and where none is known.
    /// </summary>
    public static BondState? InHardware(PhysicalFunction pf, Observation input) =>
        input.State.Bonds.ValueOr([]).FirstOrDefault(bond => bond.VfLag.State == VfLagState.Active
            && bond.Members.Any(member => member.Pf == pf.Address));
}
