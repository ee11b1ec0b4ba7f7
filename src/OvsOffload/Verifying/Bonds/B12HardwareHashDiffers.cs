using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The NIC chooses ports in another way than the bond says.</summary>
internal sealed class B12HardwareHashDiffers : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B12",
        "hardware-hash-differs",
        CheckSeverity.Info,
        "the NIC chooses ports in its own way",
        """
        Once a bond is in hardware the NIC chooses the port, and not always as the kernel would. With queue affinity
        (ConnectX-5 and 6) each VF's queues are dealt over the ports when they are made, so that a flow's port depends
        on its queue; the bond's hash policy counts for software alone. With hash (ConnectX-6 Dx and later) the card
        computes a hash over the same fields, and may come to another port than the kernel for the same flow, so that a
        stream of which some packets are in software takes two ports.

        Nothing is wrong with it. It is worth knowing when ports are compared or packets come out of order.
        lag/port_sel_mode shows it.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Mode is not (BondMode.BalanceXor or BondMode.Lacp))
        {
            return [Skip(bond.Name, "its mode has no hash")];
        }

        if (!bond.Lag.TryGet(out var lag) || !lag.PortSelection.TryGet(out string? selection))
        {
            return [Skip(bond.Name, bond.Lag.IsKnown ? bond.Lag.Value.PortSelection.Why : bond.Lag.Why)];
        }

        bool affinity = selection == "queue_affinity";
        return
        [
            Found(
                FindingStatus.Info, bond.Name,
                affinity
                    ? $"the NIC deals queues over the ports of {bond.Name}, whatever its hash policy"
                    : $"the NIC computes the hash of {bond.Name} itself, and may choose another port than the kernel",
                $"{lag.Directory}/port_sel_mode: {selection}",
                affinity ? "the card chooses the port by queue" : "the card's hash is not the kernel's",
                "nothing; compare ports by VF and not by flow"),
        ];
    }
}
