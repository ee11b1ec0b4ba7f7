namespace OvsOffload.Verifying;

/// <summary>The NIC cannot do the VLAN actions of the flows.</summary>
internal sealed class O17VlanActionsRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O17",
        "vlan-actions-refused",
        CheckSeverity.Error,
        "the NIC rejects the flows' VLAN actions",
        """
        A card can push and pop a limited number of VLAN tags, most of them one and later ones two (QinQ), if its
        firmware supports it at all. mlx5 says "Total vlans used is greater than supported" or "firmware vlan actions is
        not supported". Access ports of a bridge are such actions too: a tag is popped towards the guest and pushed from
        it.
        """);

    /// <summary>mlx5/core/en/tc/act/vlan.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["Total vlans used is greater than supported", "firmware vlan actions is not supported"];

    protected override string Cause => "the flows push or pop more VLAN tags than card and firmware support";

    protected override string Fix => "use one VLAN tag only on this path (no QinQ), or update the firmware (mstflint, "
        + "mlxup)";
}
