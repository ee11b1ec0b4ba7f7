using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Testing;

/// <summary>
/// A host that obeys steps as a kernel and Open vSwitch would, and insists on their order: what a driver would refuse,
/// or what would be lost on a guest, throws.
/// </summary>
internal sealed class SimulatedHost(HostState start, DriverRule rule = DriverRule.Any)
{
    /// <summary>The host as it is now.</summary>
    public HostState State { get; private set; } = start;

    /// <summary>Every step that was run, with whether it changed anything.</summary>
    public List<StepAction> Ran { get; } = [];

    /// <summary>Runs one step; whether it changed anything.</summary>
    /// <exception cref="StepException">The driver refuses.</exception>
    public bool Run(StepAction action)
    {
        Ran.Add(action);
        HostState before = State;
        State = action switch
        {
            SetVfCount step => SimulatedVfs.SetCount(State, step),
            SetVfMac step => SimulatedVfs.SetMac(State, step),
            SetVfDriver step => SimulatedVfs.SetDriver(State, step),
            RestoreVfSettings step => SimulatedVfs.Change(State, step.Pf, step.Vf, vf => vf with
            {
                Settings = Reading.Known(step.Settings),
            }),
            SetNameRules step => Change(step.Pf, pf => pf with { NameRules = Reading.Known(step.To) }),
            SetDriversAutoprobe step => Change(step.Pf, pf => pf.DriversAutoprobe.Value == step.To
                ? pf
                : pf with { DriversAutoprobe = Reading.Known(step.To) }),
            SetSteeringMode step => Change(step.Pf, pf => pf.Mode == EswitchMode.Legacy
                ? pf with { SteeringMode = Reading.Known(step.To) }
                : throw Refused("Software managed steering is not supported when eswitch offloads enabled.")),
            SetEswitchMode step => SimulatedEswitch.SetMode(State, step, rule),
            SetInlineMode step => SimulatedEswitch.Set(State, step.Pf, it => it with { InlineMode = step.To }),
            SetEncapMode step => SimulatedEswitch.Set(State, step.Pf, it => it with { EncapMode = step.To }),
            WaitForRepresentors step => SimulatedEswitch.Await(State, step),
            SetHwTcOffload step => Device(step.Device, it => it.HwTcOffload.ValueOrDefault()?.On == step.To
                ? it
                : it with { HwTcOffload = Reading.Known(new OffloadFeature(step.To, false)) }),
            SetLinkUp step => SetLink(step),
            AgentAction step => SimulatedAgents.Run(State, step),
            _ => SimulatedBonds.Run(State, action) ?? SimulatedSwitch.Run(State, action),
        };
        if (!ReferenceEquals(before, State) && State.Bonds.IsKnown && !State.Bonds.Value.IsEmpty)
        {
            State = SimulatedBonds.Judge(State);
        }

        // Routes are written down, and nothing else happens to them.
        bool changed = !ReferenceEquals(before, State) || action is SaveRoutes;
        if (changed)
        {
            // As RecordingRunner does.
            State = State with { Changes = State.Changes.Map(action.Record) };
        }

        return changed;
    }

    /// <summary>What a driver says when it refuses.</summary>
    public static StepException Refused(string words, int errno = 95, VfsPresent? vfs = null) =>
        new($"the driver refuses: {words}", errno, words, vfs, null) { ChangedNothing = true };

    /// <summary>The name of the device that a reference means now.</summary>
    public static string NameOf(HostState state, DeviceReference reference) => reference.In(state)?.Name
        ?? throw new StepException($"{reference}: no such network device", 0, null, null, null);

    /// <summary>The kernel drops the routes of a device that goes down (fib_disable_ip in
    /// net/ipv4/fib_frontend.c).</summary>
    private HostState SetLink(SetLinkUp step)
    {
        NetDevice device = State.FindDevice(NameOf(State, step.Device))!;
        HostState after = Device(step.Device, it => it.Up == step.To ? it : it with { Up = step.To });
        return step.To || !device.Up
            ? after
            : after with
            {
                Routing = after.Routing.Map(routing => routing with { Links = routing.Links.Remove(device.Index) }),
            };
    }

    private HostState Change(PciAddress pf, Func<PhysicalFunction, PhysicalFunction> change) =>
        SimulatedVfs.Change(State, pf, change);

    private HostState Device(DeviceReference reference, Func<NetDevice, NetDevice> change) =>
        SimulatedEswitch.Device(State, NameOf(State, reference), change);
}

/// <summary>What a driver insists on when the mode of its e-switch is changed.</summary>
internal enum DriverRule
{
    Any,
    VfsFirst,
    NoVfs,
    NoBoundVf,
    Never,
}
