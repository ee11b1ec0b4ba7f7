using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Tests.Planning;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public class HealthyHostTests
{
    public static TheoryData<string> Names => ["ConnectX-4 Lx", "ConnectX-5", "ConnectX-6 Dx"];

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_healthy_host_that_is_only_observed_nothing_worse_than_info_is_found(string name)
    {
        VerifyReport report = Examined.Of(Host(name), HostIntent.Observe);

        Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
        Assert.Contains(report.Findings, finding => finding.Status == FindingStatus.Ok);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_healthy_host_as_configured_nothing_worse_than_info_is_found(string name)
    {
        VerifyReport report = Examined.Of(Host(name), SampleIntent.Switchdev(2, RepresentorPorts.All));

        Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
    }

    [Fact]
    public void A_healthy_ConnectX_5_and_later_has_not_even_an_info()
    {
        VerifyReport report = Examined.Of(SampleHost.ConnectX6Dx(), SampleIntent.Switchdev(2, RepresentorPorts.All));

        Assert.True(report.WorstStatus == FindingStatus.Ok, Examined.Describe(report));
    }

    [Theory]
    [InlineData("active-backup")]
    [InlineData("active-backup-kvm-guest")]
    [InlineData("balance-xor")]
    [InlineData("lacp")]
    [InlineData("lacp-fast-layer3-4")]
    public void On_a_healthy_host_with_a_bond_in_hardware_nothing_worse_than_info_is_found(string profile)
    {
        foreach (HostIntent intent in (HostIntent[])[BondSample.Intent(profile), HostIntent.Observe])
        {
            VerifyReport report = Examined.Of(BondSample.Healthy(profile), intent);

            Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
            Assert.Contains(
                report.Findings, finding => finding.Check.Id == "B06" && finding.Status == FindingStatus.Ok);
        }
    }

    [Fact]
    public void On_a_healthy_ConnectX_7_with_a_bond_nothing_worse_than_info_is_found()
    {
        VerifyReport report = Examined.Of(BondSample.Healthy(card: SampleHost.ConnectX7()), BondSample.Intent());

        Assert.True(report.WorstStatus <= FindingStatus.Info, Examined.Describe(report));
        Assert.Contains(report.Findings, finding => finding.Check.Id == "B06" && finding.Status == FindingStatus.Ok);
    }

    [Fact]
    public void In_active_backup_a_standby_that_has_not_joined_the_block_yet_is_healthy()
    {
        HostState host = BondSample.Healthy("active-backup").WithBond(bond => bond with
        {
            Rules = Reading.Known(new BondRules(14, 1, ImmutableSortedDictionary<uint, int>.Empty.Add(1, 10), 0)),
        });

        Assert.True(Examined.Of(host, BondSample.Intent("active-backup")).WorstStatus <= FindingStatus.Info);
    }

    [Fact]
    public void A_bond_of_NICs_without_offload_intent_is_checked_by_nothing()
    {
        HostState host = BondSample.Healthy().WithPf(Legacy).WithPf(Legacy, 1).WithBond(bond => bond with
        {
            VfLag = VfLag.Inactive("mlx5 did not take it", "lag/state: disabled"),
        });

        VerifyReport report = Examined.Of(host, HostIntent.Observe);

        Assert.All(report.Findings.Where(finding => finding.Object == "bond0"),
            finding => Assert.True(finding.Status <= FindingStatus.Info, finding.Title));

        static PhysicalFunction Legacy(PhysicalFunction pf) => pf with
        {
            Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = OvsOffload.Netlink.EswitchMode.Legacy }),
            Representors = Reading.Known(ImmutableArray<Representor>.Empty),
        };
    }

    [Fact]
    public void An_unknown_bond_state_is_skipped_and_never_ok()
    {
        HostState host = BondSample.Healthy()
            .WithBond(bond => bond with { VfLag = VfLag.Undetermined("no debugfs, no log") });

        Finding finding = Assert.Single(Examined.One("B06", host, BondSample.Intent()));

        Assert.Equal((FindingStatus.Skipped, true), (finding.Status, finding.Evidence.Contains("no debugfs, no log")));
    }

    [Fact]
    public void An_I350_without_offload_intent_has_no_findings()
    {
        VerifyReport report = Examined.Of(SampleHost.I350(), HostIntent.Observe);

        Assert.True(report.WorstStatus == FindingStatus.Ok, Examined.Describe(report));
    }

    [Fact]
    public void On_a_ConnectX_3_Pro_with_the_VFs_that_are_wanted_nothing_is_found()
    {
        var intent = new HostIntent { Nics = [SampleIntent.Nic(null, 2)] };

        VerifyReport report = Examined.Of(SampleHost.ConnectX3Pro(), intent);

        Assert.True(report.WorstStatus == FindingStatus.Ok, Examined.Describe(report));
    }

    [Fact]
    public void A_card_in_legacy_mode_without_offload_intent_is_no_fault()
    {
        VerifyReport report = Examined.Of(SampleHost.Legacy(), HostIntent.Observe);

        Assert.True(report.WorstStatus == FindingStatus.Ok, Examined.Describe(report));
    }

    [Fact]
    public void On_a_machine_without_NIC_and_Open_vSwitch_every_check_is_there_and_skipped()
    {
        VerifyReport report = Examined.Of(SampleHost.Bare(), HostIntent.Observe);

        Assert.True(report.NothingChecked, Examined.Describe(report));
        Assert.Equal(
            Checks.All.Select(check => check.Info.Id), report.Findings.Select(finding => finding.Check.Id).Distinct());
        Assert.All(report.Findings, finding => Assert.Contains("this host", finding.Evidence));
    }

    [Fact]
    public void An_agent_s_host_with_representors_down_and_unplugged_is_healthy()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithInterface(SampleHost.RepresentorName(0), row => row with
            {
                ExternalIds = new Dictionary<string, string> { ["iface-id"] = "5f3c" },
            })
            .WithRepresentor(1, device => device with { Up = false });

        VerifyReport report = Examined.Of(host, HostIntent.Observe);

        Assert.Equal(FindingStatus.Info, report.WorstStatus);
        Assert.Equal("N11", Assert.Single(report.Findings, finding => finding.Status == FindingStatus.Info).Check.Id);
    }

    [Fact]
    public void The_control_a_broken_host_is_not_healthy()
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption("hw-offload", null)
            .WithSwitch(state => state with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(false, "no ingress qdisc")),
            });

        Assert.Equal(FindingStatus.Error, Examined.Of(host, HostIntent.Observe).WorstStatus);
    }

    private static HostState Host(string name) => name switch
    {
        "ConnectX-4 Lx" => SampleHost.ConnectX4Lx(),
        "ConnectX-5" => SampleHost.ConnectX5(),
        _ => SampleHost.ConnectX6Dx(),
    };
}
