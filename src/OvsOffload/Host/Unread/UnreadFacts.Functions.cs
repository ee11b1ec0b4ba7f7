using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <content>PFs, their VFs and representors, and the bonds of them.</content>
internal sealed partial class UnreadFacts
{
    private void Declare(PhysicalFunction pf, Observation input)
    {
        NicIntent? intent = input.IntentOf(pf);
        NeededBy both = When(intent is not null, true);
        NeededBy switchdev = When(intent?.Mode == NicMode.Switchdev, pf.OffloadExpected(intent) || pf.Eswitch.IsFailed);
        Need(both, $"e-switch of {pf}", pf.Eswitch);
        Need(both, $"VFs of {pf}", pf.VfCount);
        Need(both, $"VF limit of {pf}", pf.VfLimit);
        Need(both, $"sriov_drivers_autoprobe of {pf}", pf.DriversAutoprobe);
        Need(When(intent is not null and not { Steering: SteeringChoice.Keep }, pf.IsMlx5),
            $"flow steering mode of {pf}", pf.SteeringMode);
        Need(When(intent?.Mode == NicMode.Switchdev, false), $"udev rules for {pf}", pf.NameRules);
        Need(When(false, true), $"firmware of {pf}", pf.Firmware);
        Need(When(false, true), $"health of {pf}", pf.Health);
        Need(both, $"representors of {pf}", pf.Representors);
        if (pf.Uplink is { } uplink)
        {
            Need(switchdev, $"hw-tc-offload of {uplink.Name}", uplink.HwTcOffload);
        }

        foreach (VirtualFunction vf in pf.VirtualFunctions)
        {
            Need(both, $"settings of {pf} vf{vf.Index}", vf.Settings);
            Need(both, $"holder of {pf} vf{vf.Index}", vf.Holder);
        }

        foreach (Representor representor in pf.Representors.ValueOr([]))
        {
            if (representor.Device is { } device)
            {
                Need(switchdev, $"hw-tc-offload of {device.Name}", device.HwTcOffload);
            }
        }

        FunctionPlatform around = _state.Platform.Functions.GetValueOrDefault(pf.Address) ?? new FunctionPlatform();
        Need(When(false, true), $"PCIe link of {pf}", around.Link);
        Need(When(false, true), $"port speed of {pf}", around.PortSpeed);
        Need(When(false, true), $"interrupts of {pf}", around.Interrupts);
        foreach (Interrupt interrupt in around.Interrupts.ValueOr([]))
        {
            Need(When(false, true), $"affinity of interrupt {interrupt.Number} of {pf}", interrupt.Affinity);
        }

        Need(When(false, pf.IsMlx5), $"esw_port_metadata of {pf}", around.PortMetadata);
        Need(When(false, pf.IsMlx5), $"esw_multiport of {pf}", around.Multiport);
        Need(When(false, pf.IsMlx5 && pf.Uplink is null), $"socket-direct functions of {pf}", around.SocketDirect);
    }

    private void DeclareBonds()
    {
        foreach (BondState bond in OffloadBonds.Of(_state.Bonds.ValueOr([]), _intent, _state))
        {
            NeededBy checks = When(false, true);
            Need(When(OffloadBonds.IntentOf(bond, _intent) is not null, true), $"LAG of {bond.Name}", bond.Lag);
            if (bond.Lag.TryGet(out Mlx5Lag? lag))
            {
                Need(checks, $"LAG type of {bond.Name}", lag.Type);
                Need(checks, $"LAG port selection of {bond.Name}", lag.PortSelection);
                Need(checks, $"LAG port mapping of {bond.Name}", lag.Mapping);
                Need(checks, $"LAG members of {bond.Name}", lag.Members);
            }

            Need(checks, $"shared block of {bond.Name}", bond.Rules);
            foreach (BondMember member in bond.Members)
            {
                Need(checks, $"LACP state of {member.Device.Name}", member.Churn);
                Need(checks, $"speed of {member.Device.Name}", member.Speed);
                Need(checks, $"duplex of {member.Device.Name}", member.Duplex);
                Need(checks, $"hw-tc-offload of {member.Device.Name}", member.Device.HwTcOffload);
            }

            Need(checks, $"hw-tc-offload of {bond.Name}", bond.Device.HwTcOffload);
        }
    }
}
