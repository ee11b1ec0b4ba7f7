using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A refusal that was met while a plan ran: from then on a fact about this host.</summary>
/// <param name="Pf">The PF that refused.</param>
/// <param name="Reason">What it means for the order of operations.</param>
/// <param name="Words">The operation and the kernel's own words.</param>
internal sealed record Refusal(PciAddress Pf, RefusalReason Reason, string Words);

/// <summary>What a refusal to change the e-switch's mode means.</summary>
internal enum RefusalReason
{
    /// <summary>The driver switches only while there are VFs (old mlx5 and bnxt).</summary>
    NeedsVfsFirst,

    /// <summary>The driver switches only while there is no VF (ice, some firmware of ConnectX-6 Lx).</summary>
    NeedsNoVfs,

    /// <summary>The driver switches only while no VF is bound to a driver.</summary>
    BusyWhileVfsAreBound,
}
