using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>The NIC chooses ports in another way than the bond says.</summary>
internal sealed class B12HardwareHashDiffers : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B12",
        "hardware-hash-differs",
        CheckSeverity.Info,
        "the NIC does not use the bond's hash policy",
        """
        While VF-LAG is active the NIC selects the port, not always as the kernel would. With queue affinity (ConnectX-5
        and 6) each VF's queues are distributed over the ports when they are created, so a flow's port depends on its
        queue; the bond's hash policy applies to software only. With hash (ConnectX-6 Dx and later) the card computes a
        hash over the same fields and can select another port than the kernel, so a stream that is partly in software
        uses both ports.

        This is not a fault. It matters when ports are compared or packets arrive out of order. lag/port_sel_mode shows
        it.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode is not (BondMode.BalanceXor or BondMode.Lacp))
        {
            return [Skip(bond.Name, "the bond mode uses no hash")];
        }

        if (!bond.Lag.TryGet(out Mlx5Lag? lag) || !lag.PortSelection.TryGet(out string? selection))
        {
            return [Skip(bond.Name, bond.Lag.IsKnown ? bond.Lag.Value.PortSelection.Why : bond.Lag.Why)];
        }

        bool affinity = selection == "queue_affinity";
        return
        [
            Found(
                FindingStatus.Info, bond.Name,
                affinity
                    ? $"the NIC distributes queues over the ports of {bond.Name}, regardless of its hash policy"
                    : $"the NIC computes the hash of {bond.Name} itself and may select another port than the kernel",
                $"{lag.Directory}/port_sel_mode: {selection}",
                affinity ? "the card selects the port by queue" : "the card uses its own hash function",
                "none needed; compare ports by VF, not by flow"),
        ];
    }
}
