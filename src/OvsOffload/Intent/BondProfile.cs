using OvsOffload.Netlink;

namespace OvsOffload.Intent;

/// <summary>How a bond is to be: its mode, and every option that this mode has.</summary>
internal sealed record BondProfile
{
    /// <summary>The file's name without <c>.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was read: a path, or that of the program's own.</summary>
    public required string File { get; init; }

    /// <summary>
    /// The mode and its options, those that the file leaves out with their defaults. Null: not an option of this mode,
    /// or one that is left as the host has it. Never <see cref="BondOptions.Primary"/>, which is a device of one host.
    /// </summary>
    public required BondOptions Options { get; init; }

    /// <summary>Which member is preferred.</summary>
    public BondPrimary Primary { get; init; }

    /// <summary>The mode.</summary>
    public BondMode Mode => Options.Mode!.Value;
}

/// <summary>Which member of an active-backup bond is preferred.</summary>
internal enum BondPrimary
{
    /// <summary>The one that is active stays so. The default.</summary>
    None,

    /// <summary>The first of the configuration's members.</summary>
    First,
}
