using System.Collections.Immutable;
using System.Globalization;

namespace OvsOffload.Testing;

/// <summary>
/// What a fixture host is. Its files, its kernel's answers and those of its Open vSwitch are all made from this one
/// value, so that they agree as on a host. Immutable.
/// </summary>
internal sealed record HostDescription
{
    /// <summary>Index of the device with the host's address: the bridge.</summary>
    public const int BridgeIndex = 50;

    /// <summary>The host's address, on its bridge.</summary>
    public const string Address = "10.1.2.3";

    /// <summary>Representors, VFs and guests are counted over all ports; their indexes begin here.</summary>
    private const int FirstRepresentor = 100, FirstVfDevice = 400, FirstGuest = 2000;

    public required string Name { get; init; }

    public required DistributionDescription Distribution { get; init; }

    /// <summary>The PFs, in order of their addresses.</summary>
    public required ImmutableArray<PortDescription> Ports { get; init; }

    /// <summary>The bond of all ports.</summary>
    public BondDescription? Bond { get; init; }

    /// <summary>Null without Open vSwitch: the bridge is then the kernel's own.</summary>
    public SwitchDescription? Switch { get; init; }

    public required string Bridge { get; init; }

    /// <summary>
    /// What the configuration of this program says besides its listening address; one that agrees with the host.
    /// </summary>
    public string Configuration { get; init; } = "";

    /// <summary>Lines of drivers in the kernel's log.</summary>
    public ImmutableArray<string> KernelLog { get; init; } = [];

    /// <summary>Files that only this host has, with their text.</summary>
    public ImmutableDictionary<string, string> Files { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How many more lines there are in each log.</summary>
    public int LogLines { get; init; } = 40;

    /// <summary>What uplinks, or the bond of them, are called as a port of the bridge.</summary>
    public IEnumerable<(int Index, string Name)> BridgePorts => Bond is null
        ? Ports.Select(port => (port.Index, port.Device))
        : [(Bond.Index, Bond.Name)];

    /// <summary>Every VF of every port.</summary>
    public IEnumerable<VfDescription> Vfs
    {
        get
        {
            int number = 0;
            foreach (PortDescription port in Ports)
            {
                for (int vf = 0; vf < port.Vfs; vf++, number++)
                {
                    yield return new VfDescription(port, vf, number, vf < port.Guests)
                    {
                        RepresentorIndex = FirstRepresentor + number,
                        DeviceIndex = FirstVfDevice + number,
                        Process = FirstGuest + number,
                    };
                }
            }
        }
    }
}

/// <summary>A VF.</summary>
/// <param name="Port">Its PF.</param>
/// <param name="Index">Its number there.</param>
/// <param name="Number">Its number on the host.</param>
/// <param name="IsHeld">Whether a guest holds it, by vfio.</param>
internal sealed record VfDescription(PortDescription Port, int Index, int Number, bool IsHeld)
{
    public required int RepresentorIndex { get; init; }

    public required int DeviceIndex { get; init; }

    /// <summary>The guest's process.</summary>
    public required int Process { get; init; }

    public string PciAddress => Port.VfAddress(Index);

    public int Group => 100 + Number;

    public string? Driver => IsHeld ? "vfio-pci" : Port.VfDriver;

    public string Representor => $"{Port.Device}pf{Port.Number}vf{Index}";

    /// <summary>Its network device on the host; none while a guest holds it.</summary>
    public string? Device => IsHeld || Port.VfDriver is null ? null : $"{Port.VfDevice}{Index}";

    public byte[] Mac => [0xb8, 0x3f, 0xd2, 0x10, (byte)(Port.Number + 1), (byte)(Index + 1)];

    public byte[] RepresentorMac => [0xb8, 0x3f, 0xd2, 0x10, (byte)(Port.Number + 9), (byte)(Index + 1)];
}

/// <summary>A port of a card with its PF.</summary>
internal sealed record PortDescription
{
    /// <summary>Of the PF: <c>0000:03:00.0</c>.</summary>
    public required string PciAddress { get; init; }

    public required string Id { get; init; }

    public required string VfId { get; init; }

    public required string Driver { get; init; }

    public required string Device { get; init; }

    public string? AltName { get; init; }

    /// <summary>A second network device of the same PF, as mlx4 has for its second port.</summary>
    public string? SecondDevice { get; init; }

    public int Index => 2 + Number;

    /// <summary>The number of the port on the card, from 0.</summary>
    public int Number { get; init; }

    public required int VfLimit { get; init; }

    public int Vfs { get; init; }

    /// <summary>How many of the VFs, the first ones, guests hold.</summary>
    public int Guests { get; init; }

    /// <summary>The driver of the other VFs; null for none.</summary>
    public string? VfDriver { get; init; }

    /// <summary>What their devices are called, without the number.</summary>
    public string VfDevice { get; init; } = "";

    /// <summary>PCI Express SR-IOV: the routing id of the first VF, and the way to the next, from the PF's.</summary>
    public required int VfOffset { get; init; }

    public int VfStride { get; init; } = 1;

    public bool Autoprobe { get; init; }

    /// <summary>Mbit/s.</summary>
    public required int Speed { get; init; }

    public string LinkSpeed { get; init; } = "16.0 GT/s PCIe";

    public int LinkWidth { get; init; } = 16;

    public int Interrupts { get; init; } = 32;

    /// <summary>What the driver calls the interrupt of a queue: number and PCI address.</summary>
    public string InterruptName { get; init; } = "mlx5_comp{0}@pci:{1}";

    /// <summary>Whether hw-tc-offload is a feature of its devices, and on.</summary>
    public bool TcOffload { get; init; } = true;

    /// <summary>What devlink tells; null where the driver does not register with it.</summary>
    public DevlinkDescription? Devlink { get; init; }

    public bool IsSwitchdev => Devlink?.Eswitch is not null;

    public byte[] Mac => [0xb8, 0x3f, 0xd2, 0x10, (byte)(Number + 1), 201];

    /// <summary>
    /// Bus, device and function, eight and three bits below the bus (PCI Express Base Specification).
    /// </summary>
    public string VfAddress(int vf)
    {
        int bus = int.Parse(PciAddress.AsSpan(5, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        int function = PciAddress[^1] - '0';
        int number = function + VfOffset + VfStride * vf;
        return string.Create(
            CultureInfo.InvariantCulture, $"0000:{bus + number / 256:x2}:{number / 8 % 32:x2}.{number % 8}");
    }
}

/// <summary>What devlink tells of a port.</summary>
internal sealed record DevlinkDescription
{
    /// <summary>Of an e-switch in switchdev mode; null for a driver without e-switch.</summary>
    public EswitchDescription? Eswitch { get; init; }

    /// <summary>Null where the driver tells no versions.</summary>
    public string? Firmware { get; init; }

    public string Psid { get; init; } = "";

    /// <summary>flow_steering_mode; null where there is no such parameter.</summary>
    public string? Steering { get; init; }

    public ImmutableArray<string> Reporters { get; init; } = [];
}

/// <summary>An e-switch in switchdev mode, in the numbers of linux/devlink.h.</summary>
internal sealed record EswitchDescription(byte InlineMode = 0, byte EncapMode = 1);

/// <summary>A bond in mode 802.3ad that mlx5 took into hardware.</summary>
/// <param name="Name">The bond.</param>
/// <param name="PortSelection"><c>hash</c>, <c>queue_affinity</c>.</param>
internal sealed record BondDescription(string Name, string PortSelection)
{
    public int Index { get; init; } = 40;

    /// <summary>
    /// The block of filters that the bond and its members share: ovs-vswitchd takes the bond's index.
    /// </summary>
    public int Block => Index;
}

/// <summary>An Open vSwitch that offloads.</summary>
/// <param name="Version">Of the daemon.</param>
internal sealed record SwitchDescription(string Version);

/// <summary>An installation.</summary>
internal sealed record DistributionDescription
{
    public required string Release { get; init; }

    public required string OsRelease { get; init; }

    public required string CommandLine { get; init; }

    /// <summary>The boot loader's file that the arguments stand in, and its text.</summary>
    public required (string File, string Text) BootLoader { get; init; }

    /// <summary>Options of the kernel, <c>m</c> or <c>y</c>, that offload stands on.</summary>
    public ImmutableArray<string> KernelOptions { get; init; } =
    [
        "NET_CLS_FLOWER=m", "NET_TC_SKB_EXT=y", "NET_ACT_CT=m", "NF_FLOW_TABLE=m", "MLX5_ESWITCH=y", "MLX5_CLS_ACT=y",
        "MLX5_TC_CT=y",
    ];

    /// <summary>How files of modules end.</summary>
    public string ModuleSuffix { get; init; } = ".ko.zst";

    /// <summary>Loaded modules.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>As sysfs shows what the host's own devices get: <c>identity</c> with iommu=pt.</summary>
    public string IommuType { get; init; } = "identity";
}
