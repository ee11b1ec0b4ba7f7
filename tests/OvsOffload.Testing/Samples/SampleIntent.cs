using OvsOffload.Intent;

namespace OvsOffload.Testing;

/// <summary>Makes intents for the hosts of <see cref="SampleHost"/>.</summary>
internal static class SampleIntent
{
    /// <summary>Switchdev mode and offload for the only PF, bridge <c>br1</c> on it.</summary>
    public static HostIntent Switchdev(
        int? vfs = null, RepresentorPorts representors = RepresentorPorts.None, bool? hwOffload = true)
    {
        var bridge = new BridgeIntent
        {
            Name = SampleHost.Bridge,
            Uplink = new BridgeUplink(null, Reference(SampleHost.Pf)),
            Representors = representors,
        };
        return new HostIntent
        {
            Nics = [Nic(NicMode.Switchdev, vfs)],
            Bridges = [bridge],
            OpenVSwitch = new OpenVSwitchIntent { HwOffload = hwOffload },
        };
    }

    /// <summary>What is wanted of the only PF.</summary>
    public static NicIntent Nic(NicMode? mode, int? vfs = null) => new()
    {
        Pf = Reference(SampleHost.Pf),
        Mode = mode,
        Vfs = vfs,
    };

    /// <summary>A PF by its PCI address.</summary>
    public static PfReference Reference(string address) =>
        new(PfReferenceKind.PciAddress, address, address, new SourcePosition("config.yaml", 3, 9));
}
