namespace OvsOffload.Verifying;

/// <summary>Flows would leave where they came from.</summary>
internal sealed class O12HairpinRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O12",
        "hairpin-refused",
        CheckSeverity.Error,
        "flows would go back to where they came from",
        """
        An e-switch does not send a packet back to the VF that it came from, nor from one uplink to the other unless
        both are one bond in hardware. mlx5 says "can't forward from a VF to itself", "devices are both uplink" or
        "devices are not the same uplink". On a host it is mostly a sign of a loop in the rules, of a MAC
        address that was learned on the wrong port, or of a bond that is not in hardware.
        """);

    /// <summary>mlx5/core/en/tc/act/mirred.c.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["can't forward from a VF to itself", "are both uplink", "not the same uplink"];

    protected override string Cause =>
        "a loop in the bridge's rules, an address that was learned on the wrong port, or a bond that is not in "
        + "hardware";

    protected override string Fix =>
        "ovs-appctl fdb/show BRIDGE for addresses on the wrong port; look for rules with output to in_port; see the "
        + "checks of bonds (B)";
}
