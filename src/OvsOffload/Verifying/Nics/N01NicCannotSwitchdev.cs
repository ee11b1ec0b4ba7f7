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
        Offload of Open vSwitch flows needs an e-switch that the kernel can put into switchdev mode. ConnectX-3 and
        older (mlx4), and Intel's igb, ixgbe and i40e have none: they offer SR-IOV in legacy mode only, where the card
        forwards by MAC address and VLAN. ConnectX-4 and ConnectX-4 Lx have it, but NVIDIA's documents support Open
        vSwitch offload from ConnectX-5 on: simple flows are offloaded on them, and not all actions are.

        What the driver shows counts for more than what is known of the model: a PF that is in switchdev mode can do it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        string model = $"{pf.Model.Name} ({pf.Model.Id}), driver {pf.Driver ?? "none"}";
        bool wanted = wish?.Mode == NicMode.Switchdev || pf.Mode == EswitchMode.Switchdev;
        if (!wanted)
        {
            return [Skip(name, $"switchdev mode is not wanted of it: {model}")];
        }

        if (!pf.Model.CanSwitchdev && pf.Mode != EswitchMode.Switchdev)
        {
            return
            [
                Found(
                    FindingStatus.Error,
                    name,
                    $"{pf.Model.Name} has no switchdev mode",
                    $"{model}; {wish!.Source["mode"]}: mode: switchdev",
                    pf.Model.IsFlashRecovery
                        ? "the card came up with broken firmware and does nothing until it is flashed again"
                        : "this generation of NIC, or its driver, has legacy SR-IOV only",
                    "mode: legacy in the configuration, or a NIC of ConnectX-5 and later (or another one with "
                        + "switchdev mode)"),
            ];
        }

        return pf.Model[NicFeature.Flower] == Ability.Limited
            ? [Found(FindingStatus.Info, name, $"{pf.Model.Name} offloads simple flows only", model,
                "its vendor supports Open vSwitch offload from the next generation on",
                "expect flows with several actions, header rewriting or conntrack in software")]
            : [Ok(name, model)];
    }
}
