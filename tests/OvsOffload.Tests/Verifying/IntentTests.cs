using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>The same state is a fault or none, by what is wanted and who is in charge.</summary>
public class IntentTests
{
    private static readonly HostState OneDown = SampleHost.ConnectX6Dx()
        .WithRepresentor(1, device => device with { Up = false });

    [Fact]
    public void A_PF_that_is_named_and_not_there_is_found_once_however_often_it_is_named()
    {
        Finding finding = Found("P06", SampleHost.Bare(), SampleIntent.Switchdev(2));

        Assert.Equal((FindingStatus.Error, SampleHost.Pf), (finding.Status, finding.Object));
        Assert.Contains("config.yaml:3:9", finding.Evidence);
        Assert.Contains("no network card with a physical function", finding.Evidence);
    }

    [Fact]
    public void A_PF_that_is_named_and_not_there_is_found_beside_those_that_are()
    {
        HostIntent one = SampleIntent.Switchdev(2);
        HostIntent intent = one with
        {
            Nics = [one.Nics[0], one.Nics[0] with { Pf = SampleIntent.Reference("0000:5e:00.0") }],
        };

        Finding[] findings = Examined.One("P06", SampleHost.ConnectX6Dx(), intent);

        Assert.Equal(
            [(SampleHost.Pf, FindingStatus.Ok), ("0000:5e:00.0", FindingStatus.Error)],
            findings.Select(finding => (finding.Object, finding.Status)));
    }

    [Fact]
    public void A_PF_that_is_named_by_its_device_is_not_missed_while_the_devices_are_unread()
    {
        HostIntent one = SampleIntent.Switchdev(2);
        HostIntent intent = one with
        {
            Nics =
            [
                one.Nics[0] with
                {
                    Pf = one.Nics[0].Pf with { Kind = PfReferenceKind.InterfaceName, Value = "eth9" },
                },
            ],
        };
        HostState host = SampleHost.ConnectX6Dx() with { Devices = Reading.Failed<ImmutableArray<NetDevice>>("EPERM") };

        Assert.Contains(
            Examined.One("P06", host, intent),
            finding => finding.Status == FindingStatus.Skipped && finding.Evidence.EndsWith("EPERM"));
        Assert.DoesNotContain(Examined.One("P06", host, intent), finding => finding.IsFound);
    }

    [Theory]
    [InlineData(nameof(HolderKind.Vfio), "qemu-system-x86 (pid 4242) has /dev/vfio/17 open")]
    [InlineData(nameof(HolderKind.NetworkNamespace), "network namespace n1 has enp59s0f0v1")]
    public void A_representor_that_is_down_is_info_where_somebody_holds_its_VF(string kind, string holder)
    {
        Finding finding =
            Found("N11", OneDown.WithHolder(1, Enum.Parse<HolderKind>(kind), holder), SampleIntent.Switchdev(2));

        Assert.Equal(FindingStatus.Info, finding.Status);
        Assert.Contains(holder, finding.Cause);
    }

    [Fact]
    public void It_is_an_error_where_this_program_plugs_it_although_somebody_holds_the_VF() => Assert.Equal(
        FindingStatus.Error,
        Found("N11", OneDown.WithHolder(1, HolderKind.Vfio, "qemu"), SampleIntent.Switchdev(2, RepresentorPorts.All))
            .Status);

    [Fact]
    public void It_is_an_error_on_an_observed_host_where_it_is_a_port_and_no_agent_is_in_charge() =>
        Assert.Equal(FindingStatus.Error, Found("N11", OneDown, HostIntent.Observe).Status);

    [Fact]
    public void It_is_info_on_an_observed_host_where_nobody_uses_it()
    {
        HostState idle = OneDown.WithBridges(SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink));

        Assert.Equal(FindingStatus.Info, Found("N11", idle, HostIntent.Observe).Status);
    }

    [Fact]
    public void A_port_with_an_error_of_ovs_vswitchd_is_an_error_whoever_plugged_it()
    {
        HostState host = SampleHost.ConnectX6Dx().WithInterface(SampleHost.RepresentorName(0), row => row with
        {
            Error = "could not add network device enp59s0f0npf0vf0 to ofproto (Device or resource busy)",
            ExternalIds = new Dictionary<string, string> { ["iface-id"] = "5f3c" },
        });

        Assert.Equal(FindingStatus.Error, Found("N12", host, HostIntent.Observe).Status);
    }

    [Fact]
    public void A_representor_in_another_bridge_than_the_configured_one_is_an_error()
    {
        HostState host = SampleHost.ConnectX6Dx(1).WithBridges(
            SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink),
            SampleHost.BridgeOf("br2", SampleHost.RepresentorName(0)));

        Finding finding = Found("N12", host, SampleIntent.Switchdev(1, RepresentorPorts.All));

        Assert.Contains("br2 instead of br1", finding.Title);
    }

    [Fact]
    public void hw_tc_offload_that_is_off_and_fixed_on_a_representor_leads_to_the_kernel()
    {
        FaultyHost faulty = FaultyHosts.ByCheck["P09"];

        Assert.All(Examined.One("N10", faulty.Host, faulty.Intent), finding =>
            Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains("see P09"))));
    }

    [Fact]
    public void A_kernel_without_ct_offload_is_info_as_long_as_nobody_was_refused()
    {
        HostState host = SampleHost.ConnectX6Dx().WithKernelFacts(facts => facts with
        {
            Configuration = SampleHost.Options([.. SampleHost.OffloadOptions.Where(name => name != "MLX5_TC_CT")]),
        });

        Assert.Equal(FindingStatus.Info, Found("P10", host, HostIntent.Observe).Status);
    }

    [Fact]
    public void A_ConnectX_4_Lx_in_switchdev_mode_is_info_and_no_fault() =>
        Assert.Equal(FindingStatus.Info, Found("N01", SampleHost.ConnectX4Lx(), SampleIntent.Switchdev(2)).Status);

    [Fact]
    public void Offload_that_is_switched_off_in_the_configuration_makes_no_error_of_its_being_off()
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption("hw-offload", null)
            .WithSwitch(state => state with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(false, "no ingress qdisc")),
            });

        VerifyReport report = Examined.Of(host, SampleIntent.Switchdev(2, RepresentorPorts.All, hwOffload: false));

        Assert.True(report.WorstStatus == FindingStatus.Ok, Examined.Describe(report));
    }

    [Fact]
    public void Offload_in_force_that_is_not_set_is_a_warning() => Assert.Equal(
        FindingStatus.Warning,
        Found("O02", SampleHost.ConnectX6Dx().WithOption("hw-offload", "false"), HostIntent.Observe).Status);

    [Theory]
    [InlineData(0, 4, nameof(FindingStatus.Error))]
    [InlineData(2, 4, nameof(FindingStatus.Warning))]
    [InlineData(40, 4, nameof(FindingStatus.Info))]
    public void Flows_that_the_NIC_refused_weigh_by_how_many_it_took(long offloaded, long refused, string expected)
    {
        Finding finding = Assert.Single(
            Examined.One("O05", SampleHost.ConnectX6Dx(), flows: new FlowCounts(offloaded, 0, refused, 0, 0)));

        Assert.Equal(expected, finding.Status.ToString());
        Assert.Contains("no reason from the driver", finding.Evidence);
    }

    [Fact]
    public void A_switch_without_flows_proves_nothing() => Assert.Equal(
        FindingStatus.Skipped,
        Assert.Single(Examined.One("O05", SampleHost.ConnectX6Dx(), flows: default(FlowCounts))).Status);

    [Fact]
    public void switchdev_inactive_is_not_switchdev()
    {
        HostState host = SampleHost.ConnectX6Dx().WithPf(pf => pf with
        {
            Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.SwitchdevInactive }),
        });

        Assert.Contains("switchdev_inactive", Found("N02", host, SampleIntent.Switchdev(2)).Title);
    }

    [Theory]
    [InlineData("O13", nameof(FindingStatus.Info))]
    [InlineData("O11", nameof(FindingStatus.Warning))]
    public void Refused_flows_beside_offloaded_ones_weigh_less(string id, string expected)
    {
        HostState host = FaultyHosts.ByCheck[id].Host with { Filters = Reading.Known(new FlowerCounts(10, 3, 0)) };

        Assert.Equal(expected, Found(id, host, SampleIntent.Switchdev(2)).Status.ToString());
    }

    [Fact]
    public void A_line_of_a_log_cannot_write_to_the_terminal()
    {
        HostState host = SampleHost.ConnectX6Dx().WithKernelLog(
            "mlx5_core 0000:3b:00.0: \u001b[2J\n tc ct offload not supported, " + new string('x', 100_000));

        string evidence = Found("O30", host, HostIntent.Observe).Evidence;

        Assert.DoesNotContain(evidence, char.IsControl);
        Assert.True(evidence.Length < 400, $"{evidence.Length} letters");
    }

    [Fact]
    public void Two_PFs_in_different_modes_without_a_bond_are_no_fault()
    {
        HostState host = SampleHost.ConnectX6Dx().WithSecondPort(pf => pf with
        {
            Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.Legacy }),
        });

        Assert.DoesNotContain(Examined.One("N03", host), finding => finding.IsFound);
    }

    [Fact]
    public void A_card_below_what_it_can_do_is_info_as_long_as_the_link_carries_the_port()
    {
        HostState host = SampleHost.ConnectX6Dx().WithAround(around => around with
        {
            Link = Reading.Known(new PcieLink("8.0 GT/s PCIe", 8, "16.0 GT/s PCIe", 16)),
        });

        Assert.Equal(FindingStatus.Info, Found("P16", host, HostIntent.Observe).Status);
    }

    [Fact]
    public void An_internal_port_may_hold_the_tunnel_s_address_on_a_NIC_that_can_do_it()
    {
        HostState newer = FaultyHosts.ByCheck["O15"].Host.WithDevices(devices =>
            [.. devices.Select(device => device.Name == "eno1" ? device with { Name = SampleHost.Bridge } : device)]);
        HostState older = newer.WithPf(pf => pf with { Model = SampleHost.ConnectX5().KnownFunctions[0].Model });

        Assert.Equal(FindingStatus.Ok, Assert.Single(Examined.One("O15", newer)).Status);
        Assert.Equal(FindingStatus.Error, Assert.Single(Examined.One("O15", older)).Status);
    }

    private static Finding Found(string id, HostState host, HostIntent intent) =>
        Assert.Single(Examined.One(id, host, intent), finding => finding.IsFound);
}
