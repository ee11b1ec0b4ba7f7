namespace OvsOffload.Verifying;

/// <summary>Flows would leave where they came from.</summary>
internal sealed class O12HairpinRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O12",
        "hairpin-refused",
        CheckSeverity.Error,
        "flows go back to the port they came from",
        """
        An e-switch does not send a packet back to the VF that it came from, nor from one uplink to the other unless
        both are in one active VF-LAG. mlx5 says "can't forward from a VF to itself", "devices are both uplink" or
        "devices are not the same uplink". It usually means a loop in the rules, a MAC address learned on the wrong
        port, or a bond that is not active in hardware.
        address that was learned on the wrong port, or of a bond that is not in hardware.
        """);

    /// <summary>mlx5/core/en/tc/act/mirred.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["can't forward from a VF to itself", "are both uplink", "not the same uplink"];

    protected override string Cause =>
        "a loop in the bridge's rules, a MAC address learned on the wrong port, or a VF-LAG that is not active";

    protected override string Fix =>
        "check ovs-appctl fdb/show BRIDGE for addresses on the wrong port; look for rules with output to in_port; see "
        + "the bond checks (B)";
}
