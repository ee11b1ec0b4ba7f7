using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class PfResolverTests
{
    private static readonly HostState Host = SampleHost.Fresh()
        .WithDevice(SampleHost.Uplink, device => device with { AltNames = ["storage0"] });

    [Theory]
    [InlineData(nameof(PfReferenceKind.PciAddress), SampleHost.Pf)]
    [InlineData(nameof(PfReferenceKind.InterfaceName), SampleHost.Uplink)]
    [InlineData(nameof(PfReferenceKind.InterfaceName), "storage0")]
    [InlineData(nameof(PfReferenceKind.MacAddress), "0c:42:a1:00:00:0a")]
    public void A_PF_is_found_by_each_of_its_names(string kind, string value) =>
        Assert.Equal(Planned.Pf, Assert.Single(Plan(To(kind, value)).All<SetEswitchMode>()).Pf);

    [Fact]
    public void A_PF_is_not_found_by_the_address_that_it_was_given_in_place_of_its_own()
    {
        HostState host = Host.WithDevice(SampleHost.Uplink, device => device with
        {
            Address = OvsOffload.Netlink.HardwareAddress.Parse("02:00:00:00:00:01"),
        });

        Plan plan = Planned.For(host, To(nameof(PfReferenceKind.MacAddress), "02:00:00:00:00:01"));

        Assert.StartsWith("no such physical function", plan.Objection().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_PF_lists_those_that_there_are()
    {
        HostState host = Host.WithSecondPort(pf => pf with { Uplink = null });

        Objection objection = Planned.For(host, To(nameof(PfReferenceKind.PciAddress), "0000:5e:00.0")).Objection();

        Assert.Equal(ObjectionKind.Configuration, objection.Kind);
        Assert.Equal("config.yaml:7:9", objection.Position!.ToString());
        Assert.Equal(
            "no such physical function; this host has 0000:3b:00.0 (enp59s0f0np0), 0000:3b:00.1", objection.Text);
    }

    [Fact]
    public void A_PF_that_is_nowhere_is_told_once_though_a_bond_names_it_too()
    {
        Objection objection = Planner.Plan(BondSample.Intent(), SampleHost.Fresh()).Objection();

        Assert.Equal(BondSample.Second, objection.Object);
        Assert.StartsWith("no such physical function", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_PFs_says_so() => Assert.Contains(
        "no network card with a physical function",
        Planned.For(SampleHost.Bare(), To(nameof(PfReferenceKind.PciAddress), SampleHost.Pf)).Objection().Text,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(PfReferenceKind.PciAddress), "0000:3b:00.3")]
    [InlineData(nameof(PfReferenceKind.InterfaceName), "enp59s0f0v1")]
    public void A_VF_is_told_from_a_PF(string kind, string value) => Assert.Equal(
        "this is VF 1 of 0000:3b:00.0, not a physical function; name its PF",
        Planned.For(SampleHost.Legacy(), To(kind, value)).Objection().Text);

    [Fact]
    public void The_same_PF_by_two_names_is_an_objection_that_points_at_both()
    {
        NicIntent byName = To(nameof(PfReferenceKind.InterfaceName), "storage0");

        Plan plan = Planner.Plan(new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev), byName] }, Host);

        Objection objection = plan.Objection();
        Assert.Equal(ObjectionKind.Configuration, objection.Kind);
        Assert.Equal("config.yaml:7:9", objection.Position!.ToString());
        Assert.Contains("already named at config.yaml:3:9 as 0000:3b:00.0", objection.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_uplink_of_a_bridge_is_looked_for_too()
    {
        HostIntent intent = SampleIntent.Switchdev();

        Plan plan = Planner.Plan(intent with
        {
            Bridges =
            [
                intent.Bridges[0] with { Uplink = new BridgeUplink(null, SampleIntent.Reference("0000:5e:00.0")) },
            ],
        }, SampleHost.ConnectX6Dx());

        Assert.Contains("no such physical function", plan.Objection().Text, StringComparison.Ordinal);
    }

    private static Plan Plan(NicIntent nic) => Planned.For(Host, nic);

    private static NicIntent To(string kind, string value) => new()
    {
        Pf = new PfReference(
            Enum.Parse<PfReferenceKind>(kind), value, value, new SourcePosition("config.yaml", 7, 9)),
        Mode = NicMode.Switchdev,
    };
}
