using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>A PF is a function of a socket-direct card.</summary>
internal sealed class N38SocketDirect : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N38",
        "socket-direct",
        CheckSeverity.Info,
        "the PF is one of several functions of a socket-direct card",
        """
        A socket-direct card has a PCI function for each CPU socket, and all of them are one port of the network. From
        kernel 6.9 on, mlx5 makes one network device of them (multi-PF netdev), which belongs to the primary: that the
        others have none is no fault. Switchdev mode is refused there ("Can't change E-Switch mode to switchdev when
        multi-PF netdev (Socket Direct) is configured") until kernel 7.2, which has switchdev with a shared FDB.

        Read from debugfs, mlx5/PF/multi-pf. From the kernel's source, not tried on such a card.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!pf.IsMlx5)
        {
            return [Skip(name, $"only mlx5 has socket-direct cards, this PF's driver is {pf.Driver ?? "none"}")];
        }

        IEnumerable<FunctionPlatform> all = input.State.Platform.Functions.Values;
        Mlx5SocketDirect? card = all.Select(around => around.SocketDirect.ValueOrDefault()).FirstOrDefault(one =>
            one is not null && (one.Primary == pf.Address || one.Secondaries.Contains(pf.Address)));
        if (card is not null)
        {
            return [Judge(pf, card)];
        }

        // The primary tells of the others, so any PF that cannot be read may be this one's.
        Reading<Mlx5SocketDirect> own =
            (input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new FunctionPlatform()).SocketDirect;
        return all.Select(around => around.SocketDirect).Prepend(own).Where(read => read.IsFailed).Take(1)
            .Select(read => Skip(name, $"cannot read the functions of the card: {read.Why}"))
            .DefaultIfEmpty(Ok(name, "debugfs mlx5: the PF is not part of a socket-direct card"));
    }

    private Finding Judge(PhysicalFunction pf, Mlx5SocketDirect card)
    {
        string evidence = $"debugfs mlx5/{card.Primary}/multi-pf: primary {card.Primary}, secondary "
            + string.Join(", ", card.Secondaries);
        string title = pf.Address == card.Primary
            ? "the PF has the network device of a socket-direct card's functions"
            : $"the PF has no network device: {card.Primary} of the same card has it";
        return Found(
            Severity,
            pf.Address.ToString(),
            title,
            evidence,
            "the card is socket-direct, and the kernel made one network device of its functions",
            "nothing without offload; for switchdev mode use kernel 7.2 or later, or switch socket direct off in the "
                + "firmware (mlxconfig), so that each function is a port of its own");
    }
}
