using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The card joined its ports for RDMA, not for VFs.</summary>
internal sealed class B07RoceLag : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B07",
        "roce-lag",
        CheckSeverity.Error,
        "the card has a RoCE LAG instead of a VF-LAG",
        """
        mlx5 turns a bond of its ports into one of two things. With the e-switches in legacy mode and no VFs it joins
        the RDMA devices (RoCE LAG, mlx5_bond_0); in switchdev mode it joins the e-switches (VF-LAG). debugfs shows
        which: lag/type is roce or switchdev.

        A RoCE LAG has no effect on VFs: their flows are offloaded to one port. It results if the bond was created
        before the e-switches were put into switchdev mode, on kernels where the change of the mode does not recreate
        it.
        """);

    /// <summary>Whether it is so.</summary>
    public static bool IsSo(BondState bond) => bond.Lag.ValueOrDefault()?.Type.ValueOrDefault() == "roce";

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        return bond.Lag.Match<IEnumerable<Finding>>(
            lag => !lag.IsActive ? [Skip(bond.Name, $"{lag.Directory}/state: disabled")]
                : IsSo(bond)
                ?
                [
                    Found(
                        SeverityFor(intent), bond.Name, $"{bond.Name} is a RoCE LAG, which has no effect on "
                            + "VFs", $"{lag.Directory}/type: roce",
                        "the bond was created while the e-switches were in legacy mode",
                        FixFor(intent, "put all ports of the card into switchdev mode, then remove a member and add it "
                            + "again")),
                ]
                : [Ok(bond.Name, $"{lag.Directory}/type: {lag.Type}")],
            why => [Skip(bond.Name, $"debugfs shows no LAG: {why}")],
            why => [Skip(bond.Name, $"debugfs: {why}")]);
    }
}
