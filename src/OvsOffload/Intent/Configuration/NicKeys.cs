using System.Net.NetworkInformation;

namespace OvsOffload.Intent.Configuration;

/// <summary>The keys of one entry under <c>nics</c>.</summary>
internal static class NicKeys
{
    /// <summary>
    /// PCI_SRIOV_TOTAL_VF (linux/pci_regs.h) has 16 bits; the PF's own limit is known only on the host.
    /// </summary>
    private const int MaxVfs = 65535;

    private static readonly NicIntent Defaults =
        new() { Pf = new PfReference(PfReferenceKind.InterfaceName, "", "", SourcePosition.Defaults) };

    public static Key<PfReference> Pf { get; } = new(
        "pf", AddressKinds.Pf, Defaults.Pf, "The physical function.")
    { IsRequired = true };

    public static Key<NicMode?> Mode { get; } = new(
        "mode",
        new OptionalKind<NicMode>(ScalarKinds.OneOf(("switchdev", NicMode.Switchdev), ("legacy", NicMode.Legacy))),
        Defaults.Mode,
        "E-switch mode; only switchdev has representors and offloads flows.");

    public static Key<int?> Vfs { get; } = new(
        "vfs", new OptionalKind<int>(ScalarKinds.Integer(0, MaxVfs)), Defaults.Vfs,
        "Number of VFs; checked against the PF's limit.");

    public static Key<WordOrList<VfMacSource, PhysicalAddress>> VfMacs { get; } = new(
        "vf-macs",
        new WordOrListKind<VfMacSource, PhysicalAddress>(
            ScalarKinds.OneOf(
                ("stable", VfMacSource.Stable), ("random", VfMacSource.Random), ("keep", VfMacSource.Keep)),
            new ListKind<PhysicalAddress>("MAC addresses", AddressKinds.Mac, 0, MaxVfs),
            VfMacSource.List),
        new(Defaults.VfMacs, Defaults.VfMacList),
        "MAC addresses of the VFs, set before a VF is assigned: stable derives them from the PF's MAC and the VF's "
        + "index, random generates new ones each time, keep leaves them unchanged, a list has one per VF.");

    public static Key<VfDriver> VfDriver { get; } = new(
        "vf-driver", NameKinds.Driver, Defaults.VfDriver,
        "Driver of the VFs: auto keeps a bound driver and lets the kernel bind the others, kernel is the NIC's own, "
        + "none leaves them unbound.");

    public static Key<SteeringChoice> Steering { get; } = new(
        "steering",
        ScalarKinds.OneOf(
            ("smfs", SteeringChoice.Smfs), ("dmfs", SteeringChoice.Dmfs), ("keep", SteeringChoice.Keep)),
        Defaults.Steering,
        "Flow steering of an mlx5 NIC: smfs by the driver (faster), dmfs by the firmware, keep leaves it unchanged. "
        + "It can be changed only while the e-switch is in legacy mode.");

    public static Key<EncapChoice> Encap { get; } = new(
        "encap",
        ScalarKinds.OneOf(("basic", EncapChoice.Basic), ("none", EncapChoice.None), ("keep", EncapChoice.Keep)),
        Defaults.Encap,
        "Whether the e-switch offloads tunnels; keep leaves it unchanged.");

    public static Key<int?> Mtu { get; } = new(
        "mtu", CommonKeys.Mtu, Defaults.Mtu,
        "The MTU of the PF and of the representors of its VFs; checked against what the NIC accepts. Members of a bond "
        + "have the MTU of the bond.");

    public static Key<Management> Managed { get; } = CommonKeys.Managed;

    public static Section Section { get; } = new(
        "nics", "The physical functions (PFs).",
        [Pf, Mode, Vfs, VfMacs, VfDriver, Steering, Encap, Mtu, Managed]);

    public static NicIntent Read(SectionReader reader)
    {
        WordOrList<VfMacSource, PhysicalAddress> macs = reader.Read(VfMacs);
        return new NicIntent
        {
            Pf = reader.Read(Pf),
            Mode = reader.Read(Mode),
            Vfs = reader.Read(Vfs),
            VfMacs = macs.Word,
            VfMacList = macs.List,
            VfDriver = reader.Read(VfDriver),
            Steering = reader.Read(Steering),
            Encap = reader.Read(Encap),
            Mtu = reader.Read(Mtu),
            Managed = reader.Read(Managed),
            Source = reader.Source,
        };
    }

    public static void Write(SectionWriter writer, NicIntent nic)
    {
        writer.Write(Pf, nic.Pf);
        writer.Write(Mode, nic.Mode);
        writer.Write(Vfs, nic.Vfs);
        writer.Write(VfMacs, new(nic.VfMacs, nic.VfMacList));
        writer.Write(VfDriver, nic.VfDriver);
        writer.Write(Steering, nic.Steering);
        writer.Write(Encap, nic.Encap);
        writer.Write(Mtu, nic.Mtu);
        writer.Write(Managed, nic.Managed);
    }
}
