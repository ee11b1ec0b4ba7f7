using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// What a step belongs to: one PF, a bond, a bridge, or Open vSwitch. Steps of one scope stand and fall together, and
/// so do those of a bond and of its members.
/// </summary>
internal static class Scope
{
    /// <summary>The bond that a step belongs to; null for every other step.</summary>
    public static string? BondOf(StepAction action) => action switch
    {
        AddBond step => step.Name,
        DeleteBond step => step.Name,
        SetBondOptions step => step.Bond,
        SetBondPrimary step => step.Bond,
        AddBondMember step => step.Bond,
        RemoveBondMember step => step.Bond,
        WaitForVfLag step => step.Bond,
        SetLinkUp step => BondOf(step.Device),
        SetMtu step => BondOf(step.Device),
        SetLinkAddress step => BondOf(step.Device),
        MoveVlan step => BondOf(step.To) ?? BondOf(step.From),
        MoveAddresses step => BondOf(step.To) ?? BondOf(step.From),
        KeepRoutes step => step.Bond,
        MoveRoutes step => step.Bond,
        WaitForRouter step => step.Bond,
        _ => null,
    };

    /// <summary>The PF that a step belongs to; null for bonds, bridges and Open vSwitch.</summary>
    public static PciAddress? Of(StepAction action) => action switch
    {
        SetVfCount step => step.Pf,
        SetDriversAutoprobe step => step.Pf,
        SetSteeringMode step => step.Pf,
        SetEswitchMode step => step.Pf,
        SetInlineMode step => step.Pf,
        SetEncapMode step => step.Pf,
        WaitForRepresentors step => step.Pf,
        SetVfMac step => step.Pf,
        SetVfDriver step => step.Pf,
        RestoreVfSettings step => step.Pf,
        SetHwTcOffload step => Of(step.Device),
        SetLinkUp step => Of(step.Device),
        _ => null,
    };

    /// <summary>The bridge that a step belongs to; null for every other step.</summary>
    public static string? BridgeOf(StepAction action) => action switch
    {
        AddBridge step => step.Name,
        DeleteBridge step => step.Name,
        AddPort step => step.Bridge,
        DeletePort step => step.Bridge,
        DeletePortOf step => step.Bridge,
        SetLinkUp step => BridgeOf(step.Device),
        MoveAddresses step => BridgeOf(step.To) ?? BridgeOf(step.From),
        AddAddress step => BridgeOf(step.Device),
        RemoveAddress step => BridgeOf(step.Device),
        _ => null,
    };

    private static string? BridgeOf(DeviceReference device) => (device as LocalPortOf)?.Bridge;

    private static string? BondOf(DeviceReference device) => (device as DeviceNamed)?.Name;

    private static PciAddress? Of(DeviceReference device) => device switch
    {
        UplinkOf uplink => uplink.Pf,
        RepresentorOf representor => representor.Pf,
        _ => null,
    };
}
