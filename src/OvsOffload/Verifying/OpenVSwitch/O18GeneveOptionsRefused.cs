namespace OvsOffload.Verifying;

/// <summary>The NIC's parser is not set up for options of Geneve.</summary>
internal sealed class O18GeneveOptionsRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O18",
        "geneve-options-refused",
        CheckSeverity.Error,
        "the NIC cannot match on options of Geneve",
        """
        OVN carries its metadata in options of Geneve. mlx5 matches on them only when the card's flexible parser has the
        profile for it; else it says "Matching on GENEVE options is not supported", and every flow from a tunnel stays
        in software. The profile stands in the firmware: FLEX_PARSER_PROFILE_ENABLE=0, in force after a cold reboot.
        """);

    /// <summary>mlx5/core/en/tc_tun_geneve.c.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["Matching on GENEVE options is not supported", "GENEVE options is not supported"];

    protected override string Cause =>
        "the firmware's flexible parser has another profile than the one for Geneve options";

    protected override string Fix =>
        "mstconfig -d PF set FLEX_PARSER_PROFILE_ENABLE=0 (mlxconfig with MFT) and a cold reboot";
}
