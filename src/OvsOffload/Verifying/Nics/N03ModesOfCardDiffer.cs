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
        "the PFs of a bond are in different e-switch modes",
        """
        A bond of a card's two ports goes into hardware (VF-LAG) only if both PFs are in the same mode. With one in
        switchdev mode and the other in legacy mode the driver logs nothing: the bond works in software, and each VF
        uses only its own port.

        Without a bond, PFs of one card in different modes are no fault: one port can carry VFs and the other the host's
        management traffic.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "the PF is not in a bond")];
        }

        PhysicalFunction[] others =
        [
            .. input.State.KnownFunctions.Where(other => other != pf && UplinkBond.Of(other, input) == bond),
        ];
        if (others.Prepend(pf).FirstOrDefault(one => one.Eswitch.IsFailed) is { } unread)
        {
            return [Skip(name, $"cannot read the e-switch mode of {unread.Address}: {unread.Eswitch.Why}")];
        }

        // Said once for each pair, on the one that is behind.
        PhysicalFunction? ahead =
            others.FirstOrDefault(other => other.Mode == EswitchMode.Switchdev && pf.Mode != EswitchMode.Switchdev);
        return ahead is null
            ? [Ok(name, $"devlink dev eswitch show: mode {Word(pf)}; the others of {bond}: "
                + (others.Length == 0 ? "none" : string.Join(", ", others.Select(Word))))]
            :
            [
                Found(FindingStatus.Error, name, $"{bond}: this PF is not in switchdev mode, but {ahead.Address} is",
                    $"devlink dev eswitch show: pci/{name} mode {Word(pf)}, pci/{ahead.Address} mode {Word(ahead)}",
                    "only one of the bond's PFs was put into switchdev mode",
                    input.IntentOf(pf) is { Managed: Management.Full, Mode: NicMode.Switchdev }
                        ? "ovs-offload apply"
                        : $"devlink dev eswitch set pci/{name} mode switchdev (with no VFs and no members in the "
                            + "bond)"),
            ];
    }

    private static string Word(PhysicalFunction pf) => pf.Mode?.ToName() ?? "unsupported";
}
