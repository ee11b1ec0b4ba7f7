using System.Collections.Immutable;
using OvsOffload.System;

namespace OvsOffload.Host;

/// <summary>The running kernel.</summary>
internal sealed record KernelState
{
    /// <summary><c>uname -r</c>.</summary>
    public required string Release { get; init; }

    /// <summary>The options that it was built with.</summary>
    public required Reading<KernelConfiguration> Configuration { get; init; }

    /// <summary><c>/proc/cmdline</c>.</summary>
    public required Reading<string> CommandLine { get; init; }

    /// <summary>How many IOMMU groups there are; 0 means that no IOMMU is in force.</summary>
    public required Reading<int> IommuGroups { get; init; }

    /// <summary>The newest lines of the kernel's log, oldest first.</summary>
    public required Reading<ImmutableArray<string>> Log { get; init; }

    /// <summary>Whether the kernel has devlink at all; failed: it could not be asked.</summary>
    public required Reading<bool> Devlink { get; init; }
}
