using System.Collections.Immutable;

namespace OvsOffload.Bundles;

/// <summary>All that was read of a host at one moment: what a support bundle holds.</summary>
internal sealed record Recording
{
    /// <summary>What the bundle says of itself.</summary>
    public required BundleManifest Manifest { get; init; }

    /// <summary>Files, in the order in which they were read first.</summary>
    public required ImmutableArray<FileRecord> Files { get; init; }

    /// <summary>Exchanges with the kernel, in order.</summary>
    public required ImmutableArray<NetlinkRecord> Netlink { get; init; }

    /// <summary>Answers of Open vSwitch, in order. None where there is no Open vSwitch.</summary>
    public required ImmutableArray<SwitchRecord> Switch { get; init; }
}

/// <summary>What a bundle says of itself.</summary>
internal sealed record BundleManifest
{
    /// <summary>The form of the bundle that this program writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the reading began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The running kernel's release.</summary>
    public required string Kernel { get; init; }

    /// <summary>Whether addresses and names stand for others.</summary>
    public required bool Masked { get; init; }

    /// <summary>The configuration's file on that host, be it there or not.</summary>
    public required string Configuration { get; init; }

    /// <summary>The process that looked: the SSH connection that it was called over hangs on it.</summary>
    public required int Process { get; init; }
}
