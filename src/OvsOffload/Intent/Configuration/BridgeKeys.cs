namespace OvsOffload.Intent.Configuration;

/// <summary>The keys of one entry under <c>bridges</c>.</summary>
internal static class BridgeKeys
{
    private const int MaxAddresses = 64;

    private static readonly BridgeIntent Defaults = new() { Name = "", Uplink = new BridgeUplink(null, null) };

    public static Key<string> Name { get; } = new(
        "name", NameKinds.NewInterface, Defaults.Name, "The Open vSwitch bridge.")
    { IsRequired = true };

    /// <summary>
    /// Read as a PF, for a bond's name has the form of an interface's; <see cref="Read"/> tells them apart.
    /// </summary>
    public static Key<PfReference> Uplink { get; } = new(
        "uplink", AddressKinds.BondOrPf, ByName(""),
        "The bridge's connection to the wire: a bond, or a PF written as under nics.")
    {
        IsRequired = true,
    };

    public static Key<RepresentorPorts> Representors { get; } = new(
        "representors",
        ScalarKinds.OneOf(("none", RepresentorPorts.None), ("all", RepresentorPorts.All)),
        Defaults.Representors,
        "Which representors ovs-offload adds to the bridge: none if an agent adds them (Neutron, OVN, libvirt, a "
        + "CNI), all for those of every VF of the uplink.");

    public static Key<IReadOnlyList<InterfaceAddress>> Addresses { get; } = new(
        "addresses", new ListKind<InterfaceAddress>("addresses", AddressKinds.Interface, 0, MaxAddresses),
        Defaults.Addresses,
        "Addresses moved here from the uplink, or added if not on any device. A tunnel endpoint's address belongs on "
        + "the uplink, not here.");

    public static Key<Management> Managed { get; } = CommonKeys.Managed;

    public static Section Section { get; } = new(
        "bridges", "Open vSwitch bridges.", [Name, Uplink, Representors, Addresses, Managed]);

    /// <param name="reader">The entry.</param>
    /// <param name="bonds">The names of the bonds, to tell an uplink that is a bond from one that is a PF.</param>
    public static BridgeIntent Read(SectionReader reader, IReadOnlySet<string> bonds)
    {
        PfReference uplink = reader.Read(Uplink);
        return new BridgeIntent
        {
            Name = reader.Read(Name),
            Uplink = uplink.Kind == PfReferenceKind.InterfaceName && bonds.Contains(uplink.Value)
                ? new BridgeUplink(uplink.Value, null)
                : new BridgeUplink(null, uplink),
            Representors = reader.Read(Representors),
            Addresses = reader.Read(Addresses),
            Managed = reader.Read(Managed),
            Source = reader.Source,
        };
    }

    public static void Write(SectionWriter writer, BridgeIntent bridge)
    {
        writer.Write(Name, bridge.Name);
        writer.Write(Uplink, bridge.Uplink.Pf ?? ByName(bridge.Uplink.Bond!));
        writer.Write(Representors, bridge.Representors);
        writer.Write(Addresses, bridge.Addresses);
        writer.Write(Managed, bridge.Managed);
    }

    private static PfReference ByName(string name) =>
        new(PfReferenceKind.InterfaceName, name, name, SourcePosition.Defaults);
}
