using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What a step belongs to: one PF, or Open vSwitch. Steps of one scope stand and fall together.</summary>
internal static class Scope
{
    /// <summary>The PF that a step belongs to; null for Open vSwitch.</summary>
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

    private static PciAddress? Of(DeviceReference device) => device switch
    {
        UplinkOf uplink => uplink.Pf,
        RepresentorOf representor => representor.Pf,
        _ => null,
    };
}
