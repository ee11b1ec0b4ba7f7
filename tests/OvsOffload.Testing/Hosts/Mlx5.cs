using System.Collections.Immutable;

namespace OvsOffload.Testing;

/// <summary>
/// What hosts with a card of mlx5_core have in common: both ports in switchdev mode, guests on all VFs.
/// </summary>
internal static class Mlx5
{
    public static string AddressOf(int number) => $"0000:03:00.{number}";

    /// <summary>A port of 100 Gbit/s; its model is still to be said.</summary>
    public static PortDescription Port(int number, int vfs) => new()
    {
        PciAddress = AddressOf(number),
        Id = "",
        VfId = "",
        Driver = "mlx5_core",
        Device = $"enp3s0f{number}np{number}",
        Number = number,
        VfLimit = 127,
        Vfs = vfs,
        Guests = vfs,
        VfOffset = 2 + number * (vfs - 1),
        Speed = 100_000,
    };

    /// <summary>Switchdev mode with software steering.</summary>
    public static DevlinkDescription Devlink(string firmware, string psid) => new()
    {
        Eswitch = new EswitchDescription(),
        Firmware = firmware,
        Psid = psid,
        Steering = "smfs",
        Reporters = ["fw", "fw_fatal"],
    };

    /// <summary>What the driver logs on the way there.</summary>
    public static ImmutableArray<string> Log(int ports, int vfs) =>
    [
        .. Enumerable.Range(0, ports).SelectMany(number => (string[])
        [
            $"mlx5_core {AddressOf(number)}: firmware version: 22.39.1002",
            $"mlx5_core {AddressOf(number)}: E-Switch: Total vports {vfs + 2}, per vport: max uc(128) max mc(2048)",
            $"mlx5_core {AddressOf(number)}: E-Switch: Enable: mode(OFFLOADS), nvfs({vfs}), neovfs({vfs}), "
                + $"active vports({vfs + 1})",
        ]),
    ];

    /// <summary>A configuration that wants what is.</summary>
    public static string Configuration(int ports, int vfs) => string.Concat(
        Enumerable.Range(0, ports).Select(number =>
            $"  - {{ pf: \"{AddressOf(number)}\", mode: switchdev, vfs: {vfs}, vf-macs: keep, vf-driver: vfio-pci }}\n")
            .Prepend("nics:\n")) + "openvswitch: { hw-offload: true }\n";
}
