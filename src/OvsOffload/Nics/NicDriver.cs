namespace OvsOffload.Nics;

/// <summary>Which VFs a driver tolerates, or wants, while its e-switch's mode is changed.</summary>
internal enum VfsAtModeChange
{
    /// <summary>It does not matter.</summary>
    Any,

    /// <summary>The mode can only be changed while there are no VFs.</summary>
    None,

    /// <summary>VFs have to be there first.</summary>
    First,
}

/// <summary>Who sets the mode of an e-switch.</summary>
internal enum ModeSetter
{
    /// <summary>Nobody knows; asking devlink is the only way to find out.</summary>
    Undocumented,

    /// <summary>devlink eswitch set.</summary>
    Devlink,

    /// <summary>The firmware that is loaded decides; devlink only tells.</summary>
    Firmware,

    /// <summary>Representors come with the VFs, and devlink has no mode to ask for.</summary>
    Implicit,

    /// <summary>There is legacy mode only.</summary>
    Never,
}

/// <summary>How the number of VFs is set.</summary>
internal enum VfCountSetting
{
    /// <summary><c>sriov_numvfs</c>.</summary>
    Sysfs,

    /// <summary>An option of the module, and a reboot.</summary>
    ModuleOption,
}

/// <summary>What a driver asks of VFs when a bond of its ports goes into hardware (VF-LAG).</summary>
internal enum VfsAtLag
{
    /// <summary>No VF may be bound to a driver.</summary>
    Unbound,

    /// <summary>It does not matter.</summary>
    Any,
}

/// <summary>Which ports of a VF-LAG may have VFs.</summary>
internal enum LagVfs
{
    /// <summary>Every port; each VF uses whichever port the bond uses.</summary>
    EveryPort,

    /// <summary>The port alone that joined the bond first.</summary>
    FirstPort,
}

/// <summary>The rules of a mode change.</summary>
internal sealed record ModeChangeRule(ModeSetter Setter, VfsAtModeChange Vfs);

/// <summary>A version of the mainline kernel.</summary>
internal readonly record struct KernelVersion(int Major, int Minor)
{
    public static bool operator <(KernelVersion one, KernelVersion other) =>
        (one.Major, one.Minor).CompareTo((other.Major, other.Minor)) < 0;

    public static bool operator >(KernelVersion one, KernelVersion other) => other < one;

    public override string ToString() => $"{Major}.{Minor}";
}

/// <summary>What a kernel driver of NICs asks for.</summary>
internal sealed record NicDriver
{
    /// <summary>As it stands below <c>/sys/bus/pci/drivers</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The driver of its VFs on the host; null when unknown.</summary>
    public string? VfDriver { get; init; }

    public VfCountSetting VfCount { get; init; }

    public required ModeChangeRule ModeChange { get; init; }

    /// <summary>Whether VFs can be made only while the PF is up.</summary>
    public bool NeedsPfUpForVfs { get; init; }

    /// <summary>Whether a change of the number of VFs takes the PF's link down for a moment. True unless known not
    /// to.</summary>
    public bool ResetsOnVfChange { get; init; }

    /// <summary>What it asks of VFs when VF-LAG becomes active.</summary>
    public VfsAtLag VfsAtLag { get; init; }

    /// <summary>Which ports of a VF-LAG may have VFs.</summary>
    public LagVfs LagVfs { get; init; }

    /// <summary>The mainline kernel that brought a feature; no entry where that is not known. A distribution's kernel
    /// may have it earlier.</summary>
    public IReadOnlyDictionary<NicFeature, KernelVersion> Since { get; init; } =
        new Dictionary<NicFeature, KernelVersion>();

    public IReadOnlyList<string> Notes { get; init; } = [];
}
