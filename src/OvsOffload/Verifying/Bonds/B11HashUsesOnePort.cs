using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The hash looks at MAC addresses alone.</summary>
internal sealed class B11HashUsesOnePort : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B11",
        "hash-uses-one-port",
        CheckSeverity.Warning,
        "the hash policy sends all routed traffic through one port",
        """
        xmit_hash_policy selects the port for each flow in modes balance-xor and 802.3ad. layer2, the kernel's default,
        uses MAC addresses only. All traffic to one router, or through one tunnel endpoint, has the same addresses and
        uses one port; the other is idle. NICs that distribute by hash follow the bond's policy; those that distribute
        by queue (queue affinity, ConnectX-5) do so per VF and are not affected.

        layer2+3 also uses IP addresses and is what the LACP standard allows; layer3+4 also uses ports and distributes
        best. On layer3+4 with VF-LAG the sources disagree: Red Hat OpenStack Platform 17.1 lists it as not supported,
        users of ConnectX-6 Dx report that it works.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.Mode is not (BondMode.BalanceXor or BondMode.Lacp))
        {
            return [Skip(bond.Name, "the bond mode uses no hash")];
        }

        if (bond.Options.TransmitHash is not { } hash)
        {
            return [Skip(bond.Name, "the kernel does not report the hash policy")];
        }

        string evidence = $"ip -d link show {bond.Name}: xmit_hash_policy {hash.ToName()}";
        return hash == BondTransmitHash.Layer2
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"{bond.Name} sends all traffic to one router through one "
                        + "port", evidence,
                    "the hash policy layer2 uses MAC addresses only",
                    intent is null
                        ? $"ip link set {bond.Name} type bond xmit_hash_policy layer2+3"
                        : $"set xmit_hash_policy: layer2+3 or layer3+4 in bond profile {intent.Profile}, then "
                            + "ovs-offload apply"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
