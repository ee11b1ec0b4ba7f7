using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A member that comes back is not used for long.</summary>
internal sealed class B22LongUpdelay : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B22",
        "long-updelay",
        CheckSeverity.Info,
        "a member that is back is not used for 30 s or more",
        """
        updelay is how long a carrier must be back before the member is used again. Half a minute and more is set on
        purpose where the switch forwards nothing for that time after its port came up (spanning tree), and for guests
        that bond inside, so that a port that flaps is left alone. It also means that after a failover the bond stands
        on one port for that long, and that a second failure in that time is an outage (the bond uses a member at once
        only when no other is up).

        Nothing is wrong with it; a test of failover has to wait for it.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Options.UpDelay is not { } delay)
        {
            return [Skip(bond.Name, "the kernel does not tell its updelay")];
        }

        const uint longDelay = 30_000;
        string evidence = $"ip -d link show {bond.Name}: updelay {delay}";
        return delay >= longDelay
            ?
            [
                Found(
                    FindingStatus.Info, bond.Name, $"{bond.Name} leaves a member that is back unused for {delay / 1000} s", evidence,
                    "updelay is set so", "nothing, where it is meant; else a lower updelay in the bond profile"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
