namespace OvsOffload.LabTests;

/// <summary>
/// Parameters that the simulated NIC is loaded with before the test, as <c>modinfo mlx5sim.ko</c> lists them; bash
/// expands them in the guest, so that a delay is a multiple of its pace.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class NicAttribute(string parameters) : Attribute
{
    /// <summary>For example <c>devid=1015 rep_delay_ms=$((1000 * LAB_PACE))</c>.</summary>
    public string Parameters => parameters;
}
