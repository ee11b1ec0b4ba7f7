using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What a step takes from whoever uses it, so that its users must be known before it is run.</summary>
/// <param name="Pf">The PF.</param>
internal sealed record DetachedDevices(PciAddress Pf)
{
    /// <summary>Whether the RDMA device of the PF goes away.</summary>
    public bool Rdma { get; init; }

    /// <summary>Whether VFs go away, or lose their driver or address.</summary>
    public bool Vfs { get; init; }

    /// <summary>The one VF that it is about; null for all of the PF.</summary>
    public int? OnlyVf { get; init; }

    /// <summary>
    /// Whether an earlier step of the same plan made the VF, or unbound it, so that it has no user yet.
    /// </summary>
    public bool IsFresh { get; init; }
}
