using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Page;
using OvsOffload.Tests.Planning;
using OvsOffload.Tests.Verifying;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Page;

/// <summary>Views of sample hosts.</summary>
internal static class SampleView
{
    /// <summary>A healthy card with a bond: VFs of guests, of a container, and free ones.</summary>
    public static HostState Bonded(int vfs = 6)
    {
        HostState host = BondSample.Healthy("lacp", vfs);
        host = host.WithBridges(SampleHost.BridgeOf(
            SampleHost.Bridge, ["bond0", .. Enumerable.Range(0, vfs - 1).Select(SampleHost.RepresentorName)]));
        return host
            .WithHolder(0, HolderKind.Vfio, "qemu-system-x86 (pid 4242) has /dev/vfio/17 open")
            .WithHolder(1, HolderKind.NetworkNamespace, "network namespace blue has enp59s0f0v1")
            .WithHolder(2, HolderKind.Claim, "port enp59s0f0npf0vf2 has iface-id 0f3a")
            .WithVf(3, vf => vf with { Holder = Reading.Failed<Holder>("/proc: Permission denied (EACCES)") })
            .WithRepresentor(4, device => device with { Up = false, Carrier = false });
    }

    /// <summary>Two PFs of 127 VFs each: guests on the first; on the second all that functions can be.</summary>
    public static HostState Big()
    {
        HostState host = SampleHost.ConnectX6Dx(127).WithPf(pf => pf with { VfLimit = Reading.Known(127) });
        ImmutableArray<Representor> ports = host.KnownFunctions[0].Representors.Value;
        for (int vf = 0; vf < 120; vf++)
        {
            host = host.WithHolder(vf, HolderKind.Vfio, $"qemu-system-x86 (pid {4000 + vf}) has /dev/vfio/{vf} open");
        }

        host = host.WithRepresentor(5, device => device with { Up = false }).WithSecondPort(pf => pf with
        {
            VfCount = Reading.Known(127),
            VirtualFunctions = [.. host.KnownFunctions[0].VirtualFunctions.Select(Second)],
            Representors = Reading.Known<ImmutableArray<Representor>>([.. ports.Select(Second)]),
        });
        return host.WithBridges(SampleHost.BridgeOf(
            SampleHost.Bridge,
            [
                SampleHost.Uplink, .. ports.Select(port => port.Device!.Name),
                .. ports.Where(port => port.VfIndex < 110).Select(port => Second(port).Device!.Name),
            ]));
    }

    private static VirtualFunction Second(VirtualFunction vf) => vf with
    {
        Address = vf.Address with { Bus = 0x3c },
        Devices = [$"enp59s0f1v{vf.Index}"],
        Settings = vf.Settings.Map(settings => settings with
        {
            Address = HardwareAddress.Parse($"02:42:a1:00:02:{vf.Index:x2}"),
        }),
        Holder = vf.Index switch
        {
            < 90 => Reading.Known(new Holder(HolderKind.Vfio, $"qemu-system-x86 (pid {5000 + vf.Index}) has it open")),
            < 100 => Reading.Known(new Holder(HolderKind.NetworkNamespace, $"network namespace pod{vf.Index} has it")),
            < 105 => Reading.Known(new Holder(HolderKind.Claim, $"port enp59s0f1npf1vf{vf.Index} has iface-id 0f3a")),
            105 => Reading.Failed<Holder>("/proc: Permission denied (EACCES)"),
            _ => Reading.Absent<Holder>("not in use"),
        },
    };

    private static Representor Second(Representor port) => port with
    {
        Device = port.Device! with
        {
            Index = port.Device.Index + 1000,
            Name = port.Device.Name.Replace("f0npf0", "f1npf1", StringComparison.Ordinal),
            Up = port.VfIndex is not (88 or 89),
            Carrier = port.VfIndex != 99,
        },
    };

    /// <summary>A view of a host.</summary>
    public static PageView Of(HostState host, HostIntent? intent = null) => new()
    {
        HostAge = TimeSpan.FromSeconds(42),
        Version = "0.1.0",
        Host = Reading.Known(HostPictures.Of(new Observation(intent ?? HostIntent.Observe, host))),
        StatusLine = "Observing only: no configuration",
        Flows = Reading.Known(new FlowCounts(930, 10, 5, 55, 0)),
        History = History(),
        Checks = Reading.Known(Examined.Of(host)),
    };

    /// <summary>Nothing could be read.</summary>
    public static PageView Unread() => new()
    {
        HostAge = TimeSpan.Zero,
        Version = "0.1.0",
        Host = Reading.Failed<HostPicture>("it has not been read, or its last reading failed"),
        StatusLine = "Unknown whether the host matches the configuration",
        Flows = Reading.Failed<FlowCounts>("ovs-vswitchd does not accept connections on its control socket"),
        Checks = Reading.Failed<VerifyReport>("it has not been read yet"),
    };

    /// <summary>An hour with two gaps.</summary>
    public static ImmutableArray<RatioPoint> History() =>
    [
        .. Enumerable.Range(0, 120).Select(half => new RatioPoint(
            TimeSpan.FromSeconds(30 * (119 - half)),
            half is >= 40 and < 52 or 90 ? null : 0.86 + 0.1 * Math.Sin(half / 9.0),
            half is >= 40 and < 52 or 90 ? "ovs-vswitchd does not accept connections on its control socket" : null)),
    ];
}
