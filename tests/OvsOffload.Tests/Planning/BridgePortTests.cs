using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class BridgePortTests
{
    [Fact]
    public void All_representors_become_ports() => Assert.Equal(
        [new AddPort(SampleHost.Bridge, Representor(0)), new AddPort(SampleHost.Bridge, Representor(1))],
        Actions(2, SampleHost.ConnectX6Dx().WithBridges(SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink))));

    [Fact]
    public void Representors_that_are_still_to_come_become_ports_after_they_came()
    {
        Plan plan = Planner.Plan(SampleIntent.Switchdev(2, RepresentorPorts.All), SampleHost.Fresh());

        Assert.EndsWith("link-up switch-option port", plan.Order(), StringComparison.Ordinal);
        Assert.Equal(
            [new UplinkOf(Planned.Pf), Representor(0), Representor(1)],
            plan.All<AddPort>().Select(step => step.Device));
    }

    [Fact]
    public void A_port_of_ours_whose_representor_is_gone_is_taken_out() => Assert.Equal(
        [new DeletePort(SampleHost.Bridge, "enp59s0f0npf0vf7")],
        Actions(2, Ported("enp59s0f0npf0vf7", ours: true)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ports_of_ours_are_not_stale_because_VFs_or_representors_could_not_be_read(bool vfs)
    {
        HostState host = Ported(SampleHost.RepresentorName(1), ours: true).WithPf(pf => vfs
            ? pf with { VfCount = Reading.Failed<int>("sriov_numvfs: EIO") }
            : pf with { Representors = Reading.Failed<ImmutableArray<Representor>>("devlink port show: EPERM") });
        HostIntent intent = SampleIntent.Switchdev(2, RepresentorPorts.All);

        Plan plan = Planner.Plan(
            intent with { Nics = [.. intent.Nics.Select(nic => nic with { Vfs = vfs ? null : nic.Vfs })] }, host);

        Assert.Empty(plan.All<DeletePort>());
        Assert.Contains(
            plan.Objections,
            one => one.Object == SampleHost.Bridge
                && one.Text.Contains(vfs ? "EIO" : "EPERM", StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_of_somebody_else_is_never_taken_out() =>
        Assert.Empty(Actions(2, Ported("tap0", ours: false)));

    [Fact]
    public void The_bridges_own_port_and_its_uplink_are_never_taken_out()
    {
        HostState host = SampleHost.ConnectX6Dx();
        OvsBridge bridge = host.OpenVSwitch.Database.Value.Bridges[0];

        Assert.Empty(Actions(2, host.WithBridges(bridge with { Ports = [.. bridge.Ports.Select(Ours)] })));
    }

    [Fact]
    public void Ports_of_ours_on_another_bridge_are_left_alone() => Assert.Empty(Actions(
        2,
        SampleHost.ConnectX6Dx().WithDatabase(database => database with
        {
            Bridges =
            [
                .. database.Bridges, SampleHost.BridgeOf("br2") with { Ports = [Ours(SampleHost.PortOf("old"))] },
            ],
        })));

    [Fact]
    public void A_renamed_representor_is_a_port_under_its_new_name_and_not_under_the_old()
    {
        HostState host = SampleHost.ConnectX6Dx(1)
            .WithRepresentor(0, device => device with { Name = "vm1" })
            .WithDatabase(database => database with
            {
                Bridges =
                [
                    .. database.Bridges.Select(bridge => bridge with { Ports = [.. bridge.Ports.Select(Ours)] }),
                ],
            });

        Assert.Equal(
            [
                new AddPort(SampleHost.Bridge, Representor(0)),
                new DeletePort(SampleHost.Bridge, SampleHost.RepresentorName(0)),
            ],
            Actions(1, host));
    }

    [Fact]
    public void A_port_by_a_representors_alternative_name_is_right_as_it_is()
    {
        HostState host = SampleHost.ConnectX6Dx(1)
            .WithRepresentor(0, device => device with { Name = "eth9", AltNames = [device.Name] })
            .WithDatabase(database => database with
            {
                Bridges =
                [
                    .. database.Bridges.Select(bridge => bridge with { Ports = [.. bridge.Ports.Select(Ours)] }),
                ],
            });

        Assert.Empty(Actions(1, host));
    }

    [Fact]
    public void No_port_is_called_stale_while_representors_are_still_to_come() => Assert.Empty(
        Planner.Plan(
            SampleIntent.Switchdev(2, RepresentorPorts.All),
            Ported("enp59s0f0npf0vf7", ours: true).WithoutRepresentor(1)).All<DeletePort>());

    [Fact]
    public void Without_representors_wanted_nothing_of_ours_is_taken_out() => Assert.Empty(
        Planner.Plan(SampleIntent.Switchdev(2), Ported("enp59s0f0npf0vf7", ours: true)).Steps);

    [Theory]
    [InlineData("controller")]
    [InlineData("fail_mode")]
    [InlineData("iface-id")]
    [InlineData("ovn-remote")]
    public void A_bridge_managed_by_an_agent_is_left_alone(string sign)
    {
        HostState host = sign switch
        {
            "ovn-remote" => SampleHost.ConnectX6Dx().WithDatabase(database => database with
            {
                ExternalIds = new Dictionary<string, string> { ["ovn-remote"] = "ssl:192.0.2.1:6642" },
            }),
            "iface-id" => SampleHost.ConnectX6Dx().WithInterface(SampleHost.RepresentorName(0), row => row with
            {
                ExternalIds = new Dictionary<string, string> { ["iface-id"] = "port-1" },
            }),
            _ => SampleHost.ConnectX6Dx().WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => sign == "controller"
                    ? bridge with { Controllers = [new OvsTarget("tcp:192.0.2.1:6653", true)] }
                    : bridge with { FailMode = "secure" })],
            }),
        };

        Objection objection = Planner.Plan(SampleIntent.Switchdev(2, RepresentorPorts.All), host).Objection();

        Assert.Equal((ObjectionKind.Refused, SampleHost.Bridge), (objection.Kind, objection.Object));
        Assert.Contains(host.OpenVSwitch.Agents.Single(), objection.Text, StringComparison.Ordinal);
        Assert.True(Planner.Plan(SampleIntent.Switchdev(2), host).IsEmpty);
    }

    private static HostState Ported(string name, bool ours) => SampleHost.ConnectX6Dx().WithDatabase(database =>
    {
        OvsPort port = SampleHost.PortOf(name);
        return database with
        {
            Bridges =
            [
                .. database.Bridges.Select(bridge => bridge with
                {
                    Ports = [.. bridge.Ports, ours ? Ours(port) : port],
                }),
            ],
        };
    });

    private static OvsPort Ours(OvsPort port) => port with
    {
        ExternalIds = new Dictionary<string, string> { [OpenVSwitchWriter.MarkKey] = OpenVSwitchWriter.MarkValue },
    };

    private static RepresentorOf Representor(int vf) => new(Planned.Pf, vf);

    private static IEnumerable<StepAction> Actions(int vfs, HostState host)
    {
        Plan plan = Planner.Plan(SampleIntent.Switchdev(vfs, RepresentorPorts.All), host);
        Assert.Empty(plan.Objections);
        return plan.Steps.Select(step => step.Action);
    }
}
