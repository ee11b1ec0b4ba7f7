using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>The running kernel, as far as offload depends on it.</summary>
internal sealed record KernelState
{
    /// <summary>Release, options that it was built with, command line, modules.</summary>
    public required KernelFacts Facts { get; init; }

    /// <summary>Whether an IOMMU is in force, and how.</summary>
    public required Iommu Iommu { get; init; }

    /// <summary>The newest records of the kernel's log, oldest first.</summary>
    public required Reading<IReadOnlyList<KernelLogRecord>> Log { get; init; }

    /// <summary>Whether the kernel has devlink at all; failed: it could not be asked.</summary>
    public required Reading<bool> Devlink { get; init; }

    /// <summary>
    /// Whether it is older than the mainline kernel whose driver of a NIC brought a feature; null where the release is
    /// not known or proves nothing (RHEL backports), and where nobody knows which kernel brought it.
    /// </summary>
    public bool? Predates(NicModel nic, NicFeature feature) =>
        Facts.Release.TryGet(out KernelRelease? release) && !release.IsEnterpriseBackport
        && nic.Generation.Driver.Since.TryGetValue(feature, out KernelVersion since)
            ? !release.IsAtLeast(since.Major, since.Minor)
            : null;
}
