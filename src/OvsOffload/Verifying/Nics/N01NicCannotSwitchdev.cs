using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;

namespace OvsOffload.Verifying;

/// <summary>Switchdev mode is wanted of a NIC that has none.</summary>
internal sealed class N01NicCannotSwitchdev : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N01",
        "nic-cannot-switchdev",
        CheckSeverity.Error,
        "the NIC has no switchdev mode",
        """
        Open vSwitch offload needs an e-switch that the kernel can put into switchdev mode. ConnectX-3 and older (mlx4),
        and Intel's igb, ixgbe and i40e have none: they offer SR-IOV in legacy mode only, where the card forwards by MAC
        address and VLAN. ConnectX-4 and ConnectX-4 Lx have it, but NVIDIA supports Open vSwitch offload from ConnectX-5
        on: ConnectX-4 offloads simple flows, and not all actions.

        The driver's state takes precedence over the model data: a PF that is in switchdev mode supports it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string model = $"{pf.Model.Name} ({pf.Model.Id}), driver {pf.Driver ?? "none"}";
        bool wanted = intent?.Mode == NicMode.Switchdev || pf.Mode == EswitchMode.Switchdev;
        if (!wanted)
        {
            return [Skip(name, $"switchdev mode is not configured: {model}")];
        }

        if (!pf.Model.CanSwitchdev && pf.Mode != EswitchMode.Switchdev)
        {
            return
            [
                Found(
                    FindingStatus.Error,
                    name,
                    $"{pf.Model.Name} has no switchdev mode",
                    $"{model}; {intent!.Source["mode"]}: mode: switchdev",
                    pf.Model.IsFlashRecovery
                        ? "the card is in flash recovery mode and has no working firmware"
                        : "this NIC generation or its driver supports legacy SR-IOV only",
                    "set mode: legacy in the configuration, or use a NIC with switchdev mode (ConnectX-5 or later)"),
            ];
        }

        return pf.Model[NicFeature.Flower] == SupportLevel.Limited
            ? [Found(FindingStatus.Info, name, $"{pf.Model.Name} offloads simple flows only", model,
                "the vendor supports Open vSwitch offload from the next NIC generation on",
                "none; flows with several actions, header rewriting or conntrack stay in software")]
            : [Ok(name, model)];
    }
}
