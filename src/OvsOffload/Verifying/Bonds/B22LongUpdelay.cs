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
        "updelay is 30 s or more",
        """
        updelay is how long a carrier must be up before the member is used again. Half a minute and more is set on
        purpose where the switch forwards nothing for that time after link-up (spanning tree), and for guests that bond
        inside, to ignore a flapping port. It also means that after a failover the bond runs on one port for that long,
        and that a second failure in that time is an outage (the bond uses a member at once only if no other is up).

        This is not a fault; a failover test has to wait for it.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Options.UpDelay is not { } delay)
        {
            return [Skip(bond.Name, "the kernel does not report updelay")];
        }

        const uint longDelay = 30_000;
        string evidence = $"ip -d link show {bond.Name}: updelay {delay}";
        return delay >= longDelay
            ?
            [
                Found(
                    FindingStatus.Info, bond.Name, $"{bond.Name} does not use a recovered member for {delay / 1000} "
                        + "s", evidence,
                    "updelay is set to this "
                        + "value", "none needed if intended; otherwise set a lower updelay in the bond profile"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
