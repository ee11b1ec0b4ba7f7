using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The PFs of one card are in different modes below one bond.</summary>
internal sealed class N03ModesOfCardDiffer : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N03",
        "modes-of-card-differ",
        CheckSeverity.Error,
        "the PFs of a bond are in different modes",
        """
        A bond of a card's two ports goes into hardware (VF-LAG) only when both PFs are in the same mode. With one in
        switchdev mode and the other in legacy mode the driver says nothing at all: the bond works in software, and each
        VF stays with its own port.

        Two PFs of one card in different modes without a bond over them are no fault: one port may carry VFs and the
        other the host's management.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "it is in no bond")];
        }

        PhysicalFunction[] others =
        [
            .. input.State.KnownFunctions.Where(other => other != pf && UplinkBond.Of(other, input) == bond),
        ];
        if (others.Prepend(pf).FirstOrDefault(one => one.Eswitch.IsFailed) is { } unread)
        {
            return [Skip(name, $"the e-switch's mode of {unread.Address} could not be read: {unread.Eswitch.Why}")];
        }

        // Said once for each pair, on the one that is behind.
        PhysicalFunction? ahead =
            others.FirstOrDefault(other => other.Mode == EswitchMode.Switchdev && pf.Mode != EswitchMode.Switchdev);
        return ahead is null
            ? [Ok(name, $"devlink dev eswitch show: mode {Word(pf)}; the others of {bond}: "
                + (others.Length == 0 ? "none" : string.Join(", ", others.Select(Word))))]
            :
            [
                Found(FindingStatus.Error, name, $"{bond}: this PF is not in switchdev mode, and {ahead.Address} is",
                    $"devlink dev eswitch show: pci/{name} mode {Word(pf)}, pci/{ahead.Address} mode {Word(ahead)}",
                    "only one of the bond's PFs was switched",
                    input.WishOf(pf) is { Managed: Management.Full, Mode: NicMode.Switchdev }
                        ? "ovs-offload apply"
                        : $"devlink dev eswitch set pci/{name} mode switchdev (without VFs and with the bond taken "
                            + "apart)"),
            ];
    }

    private static string Word(PhysicalFunction pf) => pf.Mode?.ToWord() ?? "unsupported";
}
