using System.Net.NetworkInformation;

namespace OvsOffload.Intent.Configuration;

/// <summary>The keys of one entry under <c>nics</c>.</summary>
internal static class NicKeys
{
    /// <summary>
    /// PCI_SRIOV_TOTAL_VF (linux/pci_regs.h) has 16 bits; the PF's own limit is known only on the host.
    /// </summary>
    private const int MostVfs = 65535;

    private static readonly NicIntent Defaults =
        new() { Pf = new PfReference(PfReferenceKind.InterfaceName, "", "", SourcePosition.Defaults) };

    public static Key<PfReference> Pf { get; } = new(
        "pf", AddressKinds.Pf, Defaults.Pf, "The physical function.")
    { IsRequired = true };

    public static Key<NicMode?> Mode { get; } = new(
        "mode",
        new OptionalKind<NicMode>(ScalarKinds.OneOf(("switchdev", NicMode.Switchdev), ("legacy", NicMode.Legacy))),
        Defaults.Mode,
        "The mode of the e-switch; only switchdev has representors and offloads flows.");

    public static Key<int?> Vfs { get; } = new(
        "vfs", new OptionalKind<int>(ScalarKinds.Integer(0, MostVfs)), Defaults.Vfs,
        "The number of VFs; the PF's own limit is checked against the host.");

    public static Key<WordOrList<VfMacSource, PhysicalAddress>> VfMacs { get; } = new(
        "vf-macs",
        new WordOrListKind<VfMacSource, PhysicalAddress>(
            ScalarKinds.OneOf(
                ("stable", VfMacSource.Stable), ("random", VfMacSource.Random), ("keep", VfMacSource.Keep)),
            new ListKind<PhysicalAddress>("MAC addresses", AddressKinds.Mac, 0, MostVfs),
            VfMacSource.List),
        new(Defaults.VfMacs, Defaults.VfMacList),
        "The MAC addresses of the VFs, set before a VF is handed out: stable computes them from the PF's MAC and the "
        + "VF's index, random makes new ones each time, a list gives one for each VF.");

    public static Key<VfDriver> VfDriver { get; } = new(
        "vf-driver", NameKinds.Driver, Defaults.VfDriver,
        "The driver of the VFs: auto leaves a VF with a driver alone and one without to the kernel, kernel is the "
        + "NIC's own, none leaves them unbound.");

    public static Key<SteeringChoice> Steering { get; } = new(
        "steering",
        ScalarKinds.OneOf(
            ("smfs", SteeringChoice.Smfs), ("dmfs", SteeringChoice.Dmfs), ("keep", SteeringChoice.Keep)),
        Defaults.Steering,
        "Who writes steering rules into an mlx5 NIC: smfs the driver (faster), dmfs the firmware; keep as it is. It "
        + "changes only while the e-switch is in legacy mode.");

    public static Key<EncapChoice> Encap { get; } = new(
        "encap",
        ScalarKinds.OneOf(("basic", EncapChoice.Basic), ("none", EncapChoice.None), ("keep", EncapChoice.Keep)),
        Defaults.Encap,
        "Whether the e-switch may offload tunnels; keep as it is.");

    public static Key<Management> Managed { get; } = CommonKeys.Managed;

    public static Section Section { get; } = new(
        "nics", "The physical functions (PFs).",
        [Pf, Mode, Vfs, VfMacs, VfDriver, Steering, Encap, Managed]);

    public static NicIntent Read(SectionReader reader)
    {
        var macs = reader.Read(VfMacs);
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
        writer.Write(Managed, nic.Managed);
    }
}
