using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Testing;

/// <summary>Open vSwitch of a <see cref="SimulatedHost"/>.</summary>
internal static class SimulatedSwitch
{
    private static readonly Dictionary<string, string> Mark =
        new() { [OpenVSwitchWriter.MarkKey] = OpenVSwitchWriter.MarkValue };

    /// <summary>Runs a step that belongs to no PF.</summary>
    public static HostState Run(HostState state, StepAction action) => action switch
    {
        SetSwitchOption step => state.WithOption(step.Key, step.To),
        AddBridge step when state.OpenVSwitch.Database.Value.Bridges.Any(bridge => bridge.Name == step.Name) => state,
        AddBridge step => state.WithDatabase(database => database with
        {
            Bridges = [.. database.Bridges, SampleHost.BridgeOf(step.Name) with { ExternalIds = Mark }],
        }).WithDevices(devices =>
        [
            .. devices,
            new NetDevice
            {
                Index = devices.Max(device => device.Index)
                    + 1, Name = step.Name, Kind = "openvswitch", Address = step.Address,
            },
        ]),
        AddPort step => WithBridge(state, step.Bridge, bridge =>
        {
            string name = SimulatedHost.NameOf(state, step.Device);
            if (bridge.Ports.Any(port => port.Name == name))
            {
                return bridge;
            }

            Assert.DoesNotContain(
                state.OpenVSwitch.Database.Value.Bridges, one => one.Ports.Any(port => port.Name == name));
            return bridge with { Ports = [.. bridge.Ports, SampleHost.PortOf(name) with { ExternalIds = Mark }] };
        }),
        DeletePort step => WithBridge(state, step.Bridge, bridge => Without(bridge, step.Port)),
        DeletePortOf step => WithBridge(
            state, step.Bridge, bridge => Without(bridge, SimulatedHost.NameOf(state, step.Device))),
        DeleteBridge step => state.WithDatabase(database => database with
        {
            Bridges = [.. database.Bridges.Where(bridge => bridge.Name != step.Name)],
        }).WithDevices(devices => [.. devices.Where(device => device.Name != step.Name)]),
        PurgeFlows => state,
        RestartSwitch => state.WithSwitch(now => now with
        {
            HwOffload = Reading.Known(new HwOffloadEffect(
                now.Database.Value.OtherConfig.GetValueOrDefault("hw-offload") == "true", "it was started anew")),
        }),
        _ => throw new ArgumentException($"the simulation cannot {action.Kind}", nameof(action)),
    };

    private static OvsBridge Without(OvsBridge bridge, string name)
    {
        Assert.All(bridge.Ports.Where(port => port.Name == name), port => Assert.True(port.IsManaged));
        return bridge with { Ports = [.. bridge.Ports.Where(port => port.Name != name)] };
    }

    private static HostState WithBridge(HostState state, string name, Func<OvsBridge, OvsBridge> change)
    {
        Assert.Contains(state.OpenVSwitch.Database.Value.Bridges, bridge => bridge.Name == name);
        return state.WithDatabase(database => database with
        {
            Bridges = [.. database.Bridges.Select(bridge => bridge.Name == name ? change(bridge) : bridge)],
        });
    }
}
