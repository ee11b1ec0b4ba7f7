using System.Text;
using System.Text.RegularExpressions;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Intent.Cloudpods;

public class HostConfImportTests
{
    /// <summary>The piece of Cloudpods' document on OVS offload.</summary>
    private const string Eth2 =
        "networks:\n- eth1/br0/192.168.100.111\n- eth2/br1/bcast0\novs_offload_nics:\n- eth2\n";

    /// <summary>The piece on a bond of offload NICs; the dots there stand for the rest of a file.</summary>
    private const string Bond0 = "networks:\n- bond0/br1/bcast0\novs_offload_nics:\n- bond0\n";

    /// <summary>The piece on plain SR-IOV.</summary>
    private const string Sriov = "networks:\n- eth1/br0/192.168.100.111\n- eth2/br1/bcast0\nsriov_nics:\n- eth2\n";

    [Fact]
    public void The_document_s_piece_for_one_NIC_gives_a_configuration_that_plan_accepts()
    {
        HostState host = Named(SampleHost.Fresh("15b3:1017"));

        ImportResult result = Import(host, ("host.conf", Eth2));
        HostIntent intent = Read(result.Configuration);
        Plan plan = Planner.Plan(intent, host);

        Assert.Equal(SampleHost.Pf, Assert.Single(intent.Nics).Pf.Value);
        Assert.Equal((NicMode.Switchdev, 64), (intent.Nics[0].Mode, intent.Nics[0].Vfs));
        Assert.Equal("br1", Assert.Single(intent.Bridges).Name);
        Assert.True(intent.OpenVSwitch.HwOffload);
        Assert.Equal(SecurityGroupPolicy.Auto, intent.SecurityGroups.Policy);
        Assert.Empty(plan.Objections);
        Assert.NotEmpty(plan.Steps);
        Assert.Contains(result.Warnings, text => text.Contains("disable_security_group is false by "
            + "default", StringComparison.Ordinal));
        Assert.Contains(
            result.NotImported, text => text.Contains("eth1/br0/192.168.100.111", StringComparison.Ordinal));
    }

    [Fact]
    public void The_document_s_piece_for_a_bond_gives_a_configuration_that_plan_accepts()
    {
        HostState host = BondSample.Healthy();

        ImportResult result = Import(host, ("host.conf", Bond0));
        HostIntent intent = Read(result.Configuration);

        Assert.Equal("lacp", Assert.Single(intent.Bonds).Profile);
        Assert.Equal(2, intent.Bonds[0].Members.Count);
        Assert.Equal(2, intent.Nics.Count);
        Assert.Equal("bond0", Assert.Single(intent.Bridges).Uplink.Bond);
        Assert.DoesNotContain(
            Planner.Plan(intent, host).Objections, objection => objection.Kind == ObjectionKind.Configuration);
    }

    [Fact]
    public void The_document_s_piece_for_plain_SR_IOV_gives_VFs_in_legacy_mode_and_no_offload()
    {
        HostIntent intent = Read(Import(Named(SampleHost.Fresh()), ("host.conf", Sriov)).Configuration);

        Assert.Equal((NicMode.Legacy, 64), (intent.Nics[0].Mode, intent.Nics[0].Vfs));
        Assert.Empty(intent.Bridges);
        Assert.Null(intent.OpenVSwitch.HwOffload);
    }

    [Fact]
    public void Every_line_has_its_reason()
    {
        foreach (string text in (string[])[Eth2, Bond0, Sriov])
        {
            string configuration = Import(BondSample.Healthy(), ("host.conf", text)).Configuration;

            Assert.All(
                configuration.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => !line.EndsWith(':') && !line.StartsWith('#')),
                line => Assert.Matches(@"\S  # \S", line));
        }
    }

    [Fact]
    public void The_configuration_is_what_the_writer_prints_with_a_reason_behind_each_value()
    {
        string configuration = Import(
            Carrying("eth2"), ("host.conf", Eth2.Replace("bcast0", "192.0.2.7"))).Configuration;

        Assert.Equal(
            $"""
            # Imported from host.conf.
            # To preview the changes: ovs-offload plan --config THIS-FILE
            version: 1
            nics:
              - pf: "{SampleHost.Pf}"
                mode: switchdev
                vfs: 64
                vf-macs: keep
                vf-driver: auto
            bridges:
              - name: br1
                uplink: "{SampleHost.Pf}"
                representors: none
                addresses: ["192.0.2.7/24"]
            openvswitch:
              hw-offload: true
            security-groups:
              policy: auto
              backends: []
            safety:
              protect: auto

            """,
            Regex.Replace(configuration, "  # .*", ""));
    }

    [Theory]
    [InlineData("disable_security_group: true\n", null, null, "disable", "has no effect|is only in host.conf")]
    [InlineData("disable_security_group: true\n", "port: 1\n", null, "auto", "has no effect")]
    [InlineData("", "disable_security_group: true\n", null, "disable", null)]
    [InlineData("", "disable_security_group: true\n", "disable_security_group: false\n", "auto", null)]
    [InlineData("", "disable_security_group: false\n", "disable_security_group: true\n", "disable", null)]
    [InlineData("disable_security_group: false\n", "disable_security_group: true\n", null, "disable", "has no effect")]
    public void Precedence_of_the_three_files_is_that_of_Cloudpods(
        string host, string? common, string? local, string policy, string? warning)
    {
        (string, string)[] files =
        [
            ("host.conf", Eth2 + host),
            .. common is null ? ((string, string)[])[] : [("common.conf", common)],
            .. local is null ? ((string, string)[])[] : [("host_local.conf", local)],
        ];

        ImportResult result = Import(Named(SampleHost.Fresh("15b3:1017")), files);

        Assert.Equal(policy, Read(result.Configuration).SecurityGroups.Policy.ToString().ToLowerInvariant());
        if (warning is not null)
        {
            Assert.Contains(result.Warnings, text =>
                warning.Split('|').Any(words => text.Contains(words, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_ConfigMap_as_kubectl_prints_it_is_the_common_conf()
    {
        const string Map =
            """
            apiVersion: v1
            data:
              config: |
                disable_security_group: true
                region: region0
            kind: ConfigMap
            metadata:
              name: default-host
              namespace: onecloud
            """;

        ImportResult result = Import(Named(SampleHost.Fresh("15b3:1017")), ("host.conf", Eth2), ("cm.yaml", Map));

        Assert.Equal(SecurityGroupPolicy.Disable, Read(result.Configuration).SecurityGroups.Policy);
    }

    [Fact]
    public void Two_files_of_one_kind_are_an_error() => Assert.Contains(
        "is also a host.conf",
        Assert.Throws<ConfigurationException>(
            () => Import(SampleHost.Bare(), ("a.conf", Eth2), ("b.conf", Eth2))).Message);

    [Fact]
    public void An_entry_that_is_too_short_is_the_error_that_it_is_to_Cloudpods() => Assert.Contains(
        "incomplete entry",
        Assert.Throws<ConfigurationException>(() => Import(SampleHost.Bare(), ("host.conf", "networks: "
            + "[eth0/br0]\n"))).Message);

    [Theory]
    [InlineData("sriov_nics: [eth2]\n", "is in both sriov_nics and ovs_offload_nics")]
    [InlineData("bridge_driver: bridge\n", "offload needs Open vSwitch")]
    [InlineData("host_type: container\n", "no VFs on such a host")]
    [InlineData("ovn_encap_ip: 192.0.2.9\n", "not on an offloaded uplink")]
    [InlineData("tunnel_padding_bytes: 64\n", "MTU")]
    [InlineData("sdn_enable_tc_man: true\n", "offloaded flows bypass")]
    [InlineData("", "true by default")]
    [InlineData("", "no device eth1")]
    public void An_option_that_conflicts_with_offload_is_a_warning(string more, string words) => Assert.Contains(
        Import(Named(SampleHost.Fresh()), ("host.conf", Eth2 + more)).Warnings,
        text => text.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("networks: [eth2/br1/bcast0, eth2/br2/bcast1]\novs_offload_nics: [eth2]\n", "two entries of networks")]
    [InlineData("networks: [eth2/br1/010.0.0.2]\novs_offload_nics: [eth2]\n", "is not an IP address")]
    [InlineData("networks: [eth2/br1/10.0.0.2/24]\novs_offload_nics: [eth2]\n", "ignores \"24\"")]
    [InlineData("networks: [eth2/br1/]\novs_offload_nics: [eth2]\n", "neither an address nor a wire")]
    [InlineData("networks: [\" eth2/br1/bcast0\"]\novs_offload_nics: [eth2]\n", "treats the blanks")]
    [InlineData("ovs_offload_nics: [eth2]\n", "has no entry in networks")]
    [InlineData("ovs_offload_nics: [eth9]\n", "this host has no device eth9")]
    [InlineData("ovs_offload_nics: [lo]\n", "neither a PF nor a bond")]
    [InlineData("ovs_offload_nics: \"eth2,eth3\"\n", "does not split")]
    [InlineData("ovs_offload_nics: [eth2, eth2]\n", "names eth2 twice")]
    [InlineData("ovs_offload_nics: [eth2.5]\n", "a VLAN device, which Cloudpods ignores; use eth2")]
    public void An_ambiguous_option_is_a_warning(string text, string words) => Assert.Contains(
        Import(Named(SampleHost.Fresh()), ("host.conf", text)).Warnings,
        warning => warning.Contains(words, StringComparison.Ordinal)
            && warning.Contains("host.conf:1:", StringComparison.Ordinal));

    [Fact]
    public void A_NIC_that_names_a_wire_and_has_an_address_is_a_warning()
    {
        HostState host = Named(SampleHost.Fresh()).WithDevice(
            "eth2", device => device with { Addresses = [new(global::System.Net.IPAddress.Parse("192.0.2.7"), 24)] });

        Assert.Contains(
            Import(host, ("host.conf", Eth2)).Warnings,
            text => text.Contains("192.0.2.7/24", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eth2", "eth2/br1/192.0.2.7", "192.0.2.7/24")]
    [InlineData("eth2", "eth2/br1/192.0.2.7/fd00::7", "192.0.2.7/24 fd00::7/64")]
    [InlineData("eth2", "eth2/br1/fd00::7/192.0.2.7", "192.0.2.7/24 fd00::7/64")]
    [InlineData("br1", "eth2/br1/192.0.2.7", "192.0.2.7/24")]
    [InlineData("eth2", "eth2/br1/192.0.2.7/24", "192.0.2.7/24")]
    [InlineData("eth2", "eth2/br1/bcast0", "")]
    [InlineData("eth2", "eth2/br1/010.0.0.2", "")]
    public void An_address_of_networks_is_the_bridge_s_with_the_prefix_length_that_it_has_now(
        string device, string entry, string addresses)
    {
        HostState host = Carrying(device);

        ImportResult result = Import(host, ("host.conf", $"networks: [{entry}]\novs_offload_nics: [eth2]\n"));
        HostIntent intent = Read(result.Configuration);

        Assert.Equal(addresses, string.Join(' ', Assert.Single(intent.Bridges).Addresses));
        Assert.DoesNotContain(result.NotImported, text => text.Contains("the address", StringComparison.Ordinal));
        if (addresses.Contains(' ') && device == "eth2")
        {
            Assert.Single(Planner.Plan(intent, host).Steps, step => step.Action is MoveAddresses);
        }
    }

    [Fact]
    public void An_address_that_no_device_has_is_skipped_with_a_warning()
    {
        ImportResult result = Import(
            Carrying("eth2"), ("host.conf", "networks: [eth2/br1/192.0.2.99]\novs_offload_nics: [eth2]\n"));

        Assert.Empty(Assert.Single(Read(result.Configuration).Bridges).Addresses);
        Assert.Contains(result.Warnings, text => text.Contains("192.0.2.99", StringComparison.Ordinal)
            && text.Contains("its prefix length is unknown", StringComparison.Ordinal));
        Assert.Contains(result.NotImported, text => text.Contains("address 192.0.2.99", StringComparison.Ordinal));
    }

    /// <summary>A host without a bridge in Open vSwitch whose device has two addresses.</summary>
    private static HostState Carrying(string device) => Named(SampleHost.Fresh("15b3:1017"))
        .WithBridges()
        .WithDevices(
            devices => [.. devices, new NetDevice { Index = 91, Name = "br1", Kind = "openvswitch", Up = true }])
        .WithDevice(device, one => one with
        {
            Addresses =
            [
                new(global::System.Net.IPAddress.Parse("192.0.2.7"), 24),
                new(global::System.Net.IPAddress.Parse("fd00::7"), 64),
            ],
        });

    [Fact]
    public void InfiniBand_and_NICs_without_switchdev_mode_are_skipped_with_a_warning()
    {
        ImportResult infiniband = Import(
            Named(SampleHost.Fresh()).WithPf(pf => pf with { PortType = PortType.Infiniband }), ("host.conf", Eth2));
        ImportResult i350 = Import(Named(SampleHost.I350()), ("host.conf", Eth2));

        Assert.Contains(infiniband.Warnings, text => text.Contains("is an InfiniBand port", StringComparison.Ordinal));
        Assert.Contains(i350.Warnings, text => text.Contains("no switchdev mode", StringComparison.Ordinal));
        Assert.All([infiniband, i350], result => Assert.Empty(Read(result.Configuration).Nics));
    }

    [Fact]
    public void A_bond_whose_mode_cannot_be_offloaded_is_skipped_with_a_warning()
    {
        HostState host = BondSample.Healthy().WithBond(bond => bond with
        {
            Options = bond.Options with { Mode = BondMode.BalanceTlb },
        });

        ImportResult result = Import(host, ("host.conf", Bond0));

        Assert.Contains(result.Warnings, text => text.Contains("balance-tlb", StringComparison.Ordinal));
        Assert.Empty(Read(result.Configuration).Bonds);
    }

    [Fact]
    public void Away_from_its_host_a_bond_is_an_entry_to_fill_in_which_is_no_configuration_yet()
    {
        ImportResult result = Import(SampleHost.Bare(), ("host.conf", Bond0));

        Assert.False(result.IsComplete);
        Assert.Contains("# Not complete: search for FILL-IN.", result.Configuration);
        Assert.Contains("  - name: bond0", result.Configuration);
        Assert.Contains("    members: []  # FILL-IN: the PFs of bond0", result.Configuration);
        Assert.Contains("    uplink: bond0", result.Configuration);
        Assert.DoesNotContain("nics:\n", result.Configuration);
        Assert.Contains(result.Warnings, text => text.Contains("which may be a bond", StringComparison.Ordinal));
        string errors = Assert.Throws<ConfigurationException>(() => Read(result.Configuration)).Message;
        Assert.Contains("unknown bond profile \"FILL-IN\"", errors);
        Assert.Contains("members", errors);
    }

    [Fact]
    public void Away_from_its_host_a_bond_of_sriov_nics_is_left_out_and_said() => Assert.Contains(
        Import(SampleHost.Bare(), ("host.conf", "sriov_nics: [bond0]\n")).Warnings,
        text => text.Contains("may be a bond; its members are not in host.conf. Skipped", StringComparison.Ordinal));

    [Fact]
    public void Nothing_is_claimed_of_devices_that_are_not_on_this_host()
    {
        HostState elsewhere = SampleHost.Bare()
            .WithKernelFacts(facts => facts with { Configuration = SampleHost.Options() });
        foreach (string nic in (string[])["eth2", "bond0"])
        {
            string text = $"networks: [{nic}/br1/192.0.2.7]\novs_offload_nics: [{nic}]\novn_encap_ip: 192.0.2.9\n";
            foreach (string groups in (string[])["true", "false"])
            {
                ImportResult result =
                    Import(elsewhere, ("host.conf", $"{text}disable_security_group: {groups}\n"));
                string words = string.Join('\n', result.Warnings);

                Assert.DoesNotContain("not on an offloaded uplink", words);
                Assert.DoesNotContain("every NIC of this host", words);
                Assert.DoesNotContain("this kernel offloads", words);
                Assert.DoesNotContain("agent does not start", words);
                Assert.Contains("cannot check here whether ovn_encap_ip", words);
                Assert.Contains("the prefix length of 192.0.2.7", words);
            }
        }
    }

    [Fact]
    public void A_NIC_that_is_not_on_this_host_may_be_a_bond_by_another_name()
    {
        ImportResult result = Import(SampleHost.Bare(), ("host.conf", Eth2));

        Assert.True(result.IsComplete);
        Assert.Contains(result.Warnings, text => text.Contains(
            "this host has no device eth2; it is taken for a PF. If it is a bond", StringComparison.Ordinal));
    }

    [Fact]
    public void Security_groups_that_are_off_without_need_are_a_warning() => Assert.Contains(
        Import(Named(SampleHost.Fresh("15b3:101d")), ("host.conf", Eth2), ("common.conf", "disable_security_group: "
            + "true\n"))
            .Warnings,
        text => text.Contains("security groups could be enabled", StringComparison.Ordinal));

    [Fact]
    public void Everything_that_is_not_imported_is_listed_with_its_reason()
    {
        ImportResult result = Import(
            Named(SampleHost.Fresh()),
            ("host.conf", Eth2 + "disable_sriov_nic: true\nrack: r1\nallow_switch_vms: true\nlisten_interface: "
                + "eth1\n"));

        Assert.Contains(
            result.NotImported, text => text.Contains("disable_sriov_nic: ignored", StringComparison.Ordinal));
        Assert.Contains(result.NotImported, text => text.Contains("rack: not related", StringComparison.Ordinal));
        Assert.Contains(
            result.NotImported, text => text.Contains("allow_switch_vms: used by", StringComparison.Ordinal));
        Assert.Contains("listen_interface eth1", result.Configuration);
    }

    [Fact]
    public void A_name_cannot_break_out_of_its_line()
    {
        const string Text = "networks: [\"eth2/br1/x\\nversion: 7\"]\novs_offload_nics: [eth2]\n";

        Assert.Single(Read(Import(Named(SampleHost.Fresh()), ("host.conf", Text)).Configuration).Bridges);
    }

    /// <summary>The host with its uplink called eth2, and a VLAN device on it.</summary>
    private static HostState Named(HostState host)
    {
        NetDevice uplink = host.KnownFunctions[0].Uplink!;
        return host.WithDevice(uplink.Name, device => device with { Name = "eth2" })
            .WithDevices(devices =>
            [
                .. devices,
                new NetDevice { Index = 99, Name = "eth2.5", Kind = "vlan", Lower = uplink.Index, HardwareType = 1 },
            ])
            .WithDatabase(database => database);
    }

    private static ImportResult Import(HostState host, params (string Name, string Text)[] files) =>
        HostConfImporter.Import(
            HostConfFiles.Read([.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text)))]),
            CloudpodsImportFacts.Of(host));

    private static HostIntent Read(string configuration) => ConfigurationReader.Parse(
        "config.yaml", Encoding.UTF8.GetBytes(configuration), profiles: new BondProfiles(HostPaths.Under("/nowhere")));
}
