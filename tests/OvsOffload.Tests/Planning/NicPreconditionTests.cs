using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class NicPreconditionTests
{
    private static readonly SourcePosition Mode = new("config.yaml", 4, 11);
    private static readonly SourcePosition Vfs = new("config.yaml", 5, 10);

    [Theory]
    [InlineData("8086:1521", "Intel I350 (igb) has no switchdev mode; use mode: legacy")]
    [InlineData("15b3:1003", "ConnectX-3 (mlx4_core) has no switchdev mode; use mode: legacy")]
    public void A_card_without_switchdev_mode_is_a_mistake_of_the_configuration(string id, string text)
    {
        HostState host = SampleHost.Legacy(id).WithPf(pf => pf with { Driver = pf.Model.Generation.Driver.Name });

        Assert.Equal(
            new Objection(ObjectionKind.Configuration, SampleHost.Pf, text, Mode)
            {
                Scope = new Scope.OfPf(Planned.Pf),
            },
            Switchdev(host).Objection());
    }

    [Fact]
    public void An_InfiniBand_port_is_a_mistake_of_the_configuration()
    {
        HostState host = SampleHost.Legacy().WithPf(pf => pf with { PortType = PortType.Infiniband });

        Objection objection = Switchdev(host).Objection();

        Assert.Equal((ObjectionKind.Configuration, Mode), (objection.Kind, objection.Position));
        Assert.Contains("LINK_TYPE_P1=2", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PF_without_a_driver_cannot_be_asked() => Assert.Equal(
        ObjectionKind.Unreadable,
        Switchdev(SampleHost.Legacy().WithPf(pf => pf with { Driver = null })).Objection().Kind);

    [Fact]
    public void A_PF_in_another_network_namespace_is_somebody_elses() => Assert.Equal(
        ObjectionKind.Refused,
        Switchdev(SampleHost.Legacy().WithPf(pf => pf with { Uplink = null })).Objection().Kind);

    [Fact]
    public void A_mode_that_could_not_be_read_is_not_taken_for_legacy()
    {
        HostState host = SampleHost.Legacy().WithPf(pf => pf with { Eswitch = Reading.Failed<Eswitch>("EPERM") });

        Assert.Contains("could not be read: EPERM", Switchdev(host).Objection().Text, StringComparison.Ordinal);
        Assert.Equal(ObjectionKind.Unreadable, Switchdev(host).Objections[0].Kind);
    }

    [Fact]
    public void A_driver_without_an_e_switch_cannot_be_switched() => Assert.Equal(
        ObjectionKind.Unsupported,
        Switchdev(SampleHost.Legacy().WithPf(pf => pf with { Eswitch = Reading.Absent<Eswitch>("a DPU has it") }))
            .Objection().Kind);

    [Theory]
    [InlineData(nameof(NicMode.Switchdev))]
    [InlineData(nameof(NicMode.Legacy))]
    public void An_e_switch_that_does_not_tell_its_mode_cannot_be_switched(string mode)
    {
        HostState host = SampleHost.Legacy().WithPf(pf => pf with
        {
            Eswitch = Reading.Known(new Eswitch(null, EswitchInlineMode.Link, null)),
        });

        Objection objection = Planned.For(host, SampleIntent.Nic(Enum.Parse<NicMode>(mode))).Objection();

        Assert.Equal(ObjectionKind.Unsupported, objection.Kind);
    }

    [Theory]
    [InlineData(nameof(SteeringChoice.Smfs), "steering: smfs cannot be set: no such parameter; use steering: keep")]
    [InlineData(nameof(SteeringChoice.Dmfs), "steering: dmfs cannot be set: no such parameter; use steering: keep")]
    public void A_steering_mode_that_the_driver_does_not_have_is_a_mistake_of_the_configuration(
        string steering, string text)
    {
        NicIntent nic = SampleIntent.Nic(NicMode.Switchdev, 2) with { Steering = Enum.Parse<SteeringChoice>(steering) };

        Objection objection = Planned.For(WithoutSteering("8086:1592"), nic).Objection();

        Assert.Equal((ObjectionKind.Configuration, text), (objection.Kind, objection.Text));
    }

    [Theory]
    [InlineData("8086:1592")]
    [InlineData("14e4:16d7")]
    public void A_driver_without_steering_modes_is_no_hindrance_where_it_is_to_be_kept(string id) =>
        Assert.Empty(Planned.For(WithoutSteering(id), SampleIntent.Nic(NicMode.Switchdev, 2)).Objections);

    [Fact]
    public void More_VFs_than_the_firmware_allows_are_a_mistake_of_the_configuration()
    {
        Objection objection = Switchdev(SampleHost.Fresh(), 65).Objection();

        Assert.Equal((ObjectionKind.Configuration, Vfs), (objection.Kind, objection.Position));
        Assert.Contains("vfs: 65 is above the 64", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_VFs_as_the_firmware_allows_are_none() =>
        Assert.Empty(Switchdev(SampleHost.Fresh(), 64).Objections);

    [Fact]
    public void A_function_without_SR_IOV_offers_no_VFs()
    {
        HostState host =
            SampleHost.Fresh().WithPf(pf => pf with { VfLimit = Reading.Absent<int>("no SR-IOV capability") });

        Assert.Contains("SRIOV_EN=1", Switchdev(host, 1).Objection().Text, StringComparison.Ordinal);
        Assert.Empty(Switchdev(host, 0).Objections);
    }

    [Fact]
    public void A_limit_that_could_not_be_read_is_not_taken_for_enough()
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with { VfLimit = Reading.Failed<int>("EIO") });

        Assert.Equal(ObjectionKind.Unreadable, Switchdev(host, 1).Objection().Kind);
    }

    [Fact]
    public void All_objections_to_a_NIC_are_reported_at_once()
    {
        HostState host = SampleHost.Legacy("8086:1521").WithHolder(0, HolderKind.Vfio, "a guest");

        Assert.Equal(
            [ObjectionKind.Configuration, ObjectionKind.Configuration, ObjectionKind.Refused],
            Switchdev(host, 1000).Objections.Select(objection => objection.Kind));
    }

    [Fact]
    public void An_objection_prints_its_place_in_the_configuration() => Assert.StartsWith(
        "config.yaml:5:10: 0000:3b:00.0: vfs: 65", Switchdev(SampleHost.Fresh(), 65).Objection().ToString(),
        StringComparison.Ordinal);

    private static HostState WithoutSteering(string id) =>
        SampleHost.Fresh(id).WithPf(pf => pf with { SteeringMode = Reading.Absent<string>("no such parameter") });

    private static Plan Switchdev(HostState host, int? vfs = null)
    {
        var places = new Dictionary<string, SourcePosition> { ["mode"] = Mode, ["vfs"] = Vfs };
        return Planned.For(host, SampleIntent.Nic(NicMode.Switchdev, vfs) with
        {
            Source = new SourceMap(new SourcePosition("config.yaml", 3, 5), places),
        });
    }
}
