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
        "the hash sends all routed traffic by one port",
        """
        xmit_hash_policy decides by which port a flow leaves in modes balance-xor and 802.3ad. layer2, the kernel's
        default, looks at MAC addresses alone. All that goes to one router, or through one tunnel endpoint, has the same
        addresses and takes one port; the other is idle. NICs that spread by hash do what the bond says; those that
        spread by queue (queue affinity, ConnectX-5) do so by VF and are not touched by it.

        layer2+3 looks at IP addresses too and is what the standard of LACP allows; layer3+4 at ports as well, and
        spreads best.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        if (bond.Mode is not (BondMode.BalanceXor or BondMode.Lacp))
        {
            return [Skip(bond.Name, "its mode has no hash")];
        }

        if (bond.Options.TransmitHash is not { } hash)
        {
            return [Skip(bond.Name, "the kernel does not tell its hash policy")];
        }

        string evidence = $"ip -d link show {bond.Name}: xmit_hash_policy {hash.ToWord()}";
        return hash == BondTransmitHash.Layer2
            ?
            [
                Found(
                    FindingStatus.Warning, bond.Name, $"{bond.Name} sends all traffic to one router by one port", evidence,
                    "the hash looks at MAC addresses alone",
                    wish is null
                        ? $"ip link set {bond.Name} type bond xmit_hash_policy layer3+4"
                        : $"xmit_hash_policy: layer2+3 or layer3+4 in bond profile {wish.Profile}, then ovs-offload apply"),
            ]
            : [Ok(bond.Name, evidence)];
    }
}
