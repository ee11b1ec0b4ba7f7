namespace OvsOffload.Host;

/// <summary>
/// The kinds of recorded changes that several steps or rooms speak of, with what stands in an entry. A kind that one
/// step alone writes stands with that step.
/// </summary>
internal static class ChangeKind
{
    /// <summary>The number of VFs, by the PF.</summary>
    public const string VfCount = "vf-count";

    /// <summary>The e-switch's mode in devlink's word, by the PF.</summary>
    public const string EswitchMode = "eswitch-mode";

    /// <summary><c>up</c> or <c>down</c>, by the device.</summary>
    public const string Link = "link";

    /// <summary>The address of a VF that was there before this program came, by the VF.</summary>
    public const string VfMac = "vf-mac";

    /// <summary>Driver and driver_override of such a VF, with a space between them, by the VF.</summary>
    public const string VfDriver = "vf-driver";

    /// <summary>The number of VFs that are made again before the run ends, by the PF; a run that was cut off leaves
    /// it.</summary>
    public const string VfRecreation = "vfs-again";

    /// <summary>
    /// Driver and driver_override that a VF without a driver gets before the run ends, by the VF; a run that was cut
    /// off leaves it.
    /// </summary>
    public const string VfBinding = "vf-binding";

    /// <summary>The mode of a bond that this program made, by its name.</summary>
    public const string Bond = "bond";

    /// <summary><c>member</c>, by bond and device; of bonds that somebody else made.</summary>
    public const string BondMember = "bond-member";

    /// <summary>An option as text, by bond and option; of bonds that somebody else made.</summary>
    public const string BondOption = "bond-option";

    /// <summary>The preferred member, by the bond; of bonds that somebody else made.</summary>
    public const string BondPrimary = "bond-primary";

    /// <summary>The MTU, by the device; of devices that stay when what this program made is gone.</summary>
    public const string Mtu = "mtu";

    /// <summary>The device that a VLAN device stands on, by its name.</summary>
    public const string Vlan = "vlan";

    /// <summary>The device that an IP address is on, by the address with its prefix length.</summary>
    public const string Address = "address";

    /// <summary>
    /// The device that a route or a nexthop object is on, by its text (<see cref="Netlink.IPEntryText"/>); <c>to</c>
    /// and the device while it is on no device, on the way there.
    /// </summary>
    public const string Route = "route";

    /// <summary>A key of Open_vSwitch.other_config, by its name. It outlives a reboot.</summary>
    public const string SwitchOption = "switch-option";
}
