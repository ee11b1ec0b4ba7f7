using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>E-switches and representors of a <see cref="SimulatedHost"/>.</summary>
internal static class SimulatedEswitch
{
    /// <summary>Changes the e-switch of one PF.</summary>
    public static HostState Set(HostState state, PciAddress pf, Func<Eswitch, Eswitch> change) =>
        SimulatedVfs.Change(state, pf, function => function with { Eswitch = function.Eswitch.Map(change) });

    /// <summary>Changes the mode, in the words of the drivers where they refuse.</summary>
    public static HostState SetMode(HostState state, SetEswitchMode step, DriverRule rule)
    {
        PhysicalFunction pf = state.Find(step.Pf)!;
        if (pf.Mode == step.To)
        {
            return state;
        }

        var met = new VfsPresent(pf.VirtualFunctions.Length, pf.VirtualFunctions.Count(vf => vf.Driver is not null));
        Assert.DoesNotContain(pf.VirtualFunctions, vf => vf.IsHeld);
        if (step.To == EswitchMode.Switchdev)
        {
            throwIf(rule == DriverRule.VfsFirst && met.Total == 0, 22,
                "Can't set offloads mode, SRIOV legacy not enabled");
            throwIf(rule == DriverRule.NoVfs && met.Total > 0, 95,
                "Changing eswitch mode is allowed only if there is no VFs created");
            throwIf(rule == DriverRule.NoBoundVf && met.Bound > 0, 16, "Device or resource busy");
            throwIf(rule == DriverRule.Never, 95, "not supported");
        }

        // mlx5 starts ConnectX-4 Lx with the link header, which is too little.
        state = Set(state, step.Pf, eswitch => eswitch with
        {
            Mode = step.To,
            InlineMode = pf.Model.NeedsInlineTransport ? EswitchInlineMode.Link : eswitch.InlineMode,
        });
        return Representors(state, step.Pf);

        void throwIf(bool refuses, int errno, string words)
        {
            if (refuses)
            {
                throw SimulatedHost.Refused(words, errno, met);
            }
        }
    }

    /// <summary>Waits: after it every VF has a representor.</summary>
    public static HostState Await(HostState state, WaitForRepresentors step)
    {
        Assert.Equal(EswitchMode.Switchdev, state.Find(step.Pf)!.Mode);
        return Enumerable.Range(0, step.Count).All(vf => state.Find(step.Pf)!.RepresentorOf(vf)?.Device is not null)
            ? state
            : Representors(state, step.Pf);
    }

    /// <summary>Changes a device wherever it stands.</summary>
    public static HostState Device(HostState state, string name, Func<NetDevice, NetDevice> change) =>
        state.FindDevice(name) is { } device && ReferenceEquals(change(device), device)
            ? state
            : SampleHostChanges.WithDevice(state, name, change);

    /// <summary>
    /// Lets the representors be those of the PF's mode and VFs; new ones are down and without offload.
    /// </summary>
    public static HostState Representors(HostState state, PciAddress address)
    {
        PhysicalFunction pf = state.Find(address)!;
        HashSet<string> old = [.. pf.Representors.ValueOr([]).Select(port => port.Device?.Name).OfType<string>()];
        int count = pf.Mode == EswitchMode.Switchdev ? pf.VfCount.Value : 0;
        ImmutableArray<Representor> all =
        [
            .. Enumerable.Range(0, count).Select(vf => pf.RepresentorOf(vf) is { Device: not null } there
                ? there
                : Make(pf, vf)),
        ];
        state = SimulatedVfs.Change(state, address, function => function with { Representors = Reading.Known(all) });
        return state with
        {
            Devices = state.Devices.Map<ImmutableArray<NetDevice>>(devices =>
            [
                .. devices.Where(device => !old.Contains(device.Name)),
                .. all.Select(port => port.Device!),
            ]),
        };
    }

    private static Representor Make(PhysicalFunction pf, int vf) => new()
    {
        Function = $"vf{vf}",
        VfIndex = vf,
        PortIndex = (uint)(65537 + vf),
        Device = new NetDevice
        {
            Index = (100 * (1 + pf.Address.Function)) + vf,
            Name = $"enp59s0f{pf.Address.Function}npf{pf.Address.Function}vf{vf}",
            HardwareType = 1,
            Mtu = 1500,
            PhysSwitchId = pf.SwitchId,
            PhysPortName = $"pf{pf.PfNumber}vf{vf}",
            ParentDevice = pf.Address.ToString(),
            HwTcOffload = Reading.Known(new OffloadFeature(false, false)),
        },
    };
}
