namespace OvsOffload.Verifying;

/// <summary>The NIC's parser is not set up for options of Geneve.</summary>
internal sealed class O18GeneveOptionsRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O18",
        "geneve-options-refused",
        CheckSeverity.Error,
        "the NIC cannot match on Geneve options",
        """
        OVN carries its metadata in Geneve options. mlx5 matches on them only if the card's flexible parser has the
        profile for it; otherwise it says "Matching on GENEVE options is not supported", and every flow from a tunnel
        stays in software. The profile is a firmware setting: FLEX_PARSER_PROFILE_ENABLE=0, effective after a cold
        reboot.
        """);

    /// <summary>mlx5/core/en/tc_tun_geneve.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["Matching on GENEVE options is not supported", "GENEVE options is not supported"];

    protected override string Cause =>
        "the firmware's flexible parser does not have the profile for Geneve options";

    protected override string Fix =>
        "mstconfig -d PF set FLEX_PARSER_PROFILE_ENABLE=0 (mlxconfig with MFT) and do a cold reboot";
}
