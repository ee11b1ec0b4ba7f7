using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>A driver that a VF is to get.</summary>
/// <param name="Vf">The VF's index.</param>
/// <param name="Driver">The driver, or <see cref="SetVfDriver.Default"/>.</param>
/// <param name="Override">Its driver_override; null for none.</param>
internal sealed record VfBinding(int Vf, string Driver, string? Override)
{
    /// <summary>As it stands in an entry of <see cref="ChangeKind.VfBinding"/>.</summary>
    public BoundDriver Bound => new(Driver, Override);
}
